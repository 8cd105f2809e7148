import type { Claim, Journal } from "@reliq/core";
import { memoryJournal } from "@reliq/core/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { dynamodbJournal } from "./journal.ts";

const SECOND_MS = 1_000;

/** One call on a few keys; the clock goes on by `passedSeconds` before it. */
interface Call {
  readonly kind: "claim" | "commit" | "complete" | "probe" | "sequence";
  readonly passedSeconds: number;
  readonly key: string;
  readonly token: string;
  readonly messageId: string;
  readonly receiveCount: number;
  readonly payloadHash: string;
  readonly result: string | undefined;
}

const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Call["kind"][]>(
      "claim",
      "claim",
      "claim",
      "complete",
      "complete",
      "probe",
      "commit",
      "sequence",
    ),
    passedSeconds: fc.constantFrom(0, 0, 10, 30, 100),
    key: fc.constantFrom("a", "b"),
    token: fc.constantFrom("t1", "t2", "t3"),
    messageId: fc.constantFrom("m1", "m2"),
    receiveCount: fc.integer({ min: 1, max: 3 }),
    payloadHash: fc.constantFrom("h1", "h1", "h2"),
    result: fc.constantFrom(undefined, "1", '"☃"'),
  }),
  { minLength: 1, maxLength: 25 },
);

async function carryOut(journal: Journal, call: Call, claim: Claim): Promise<unknown> {
  switch (call.kind) {
    case "claim":
      return journal.claim([claim, { ...claim, key: `${claim.key}-2` }]);
    case "complete":
      return journal.settle([{ kind: "complete", claim, ...(call.result !== undefined && { result: call.result }) }]);
    case "probe":
      return journal.settle([{ kind: "probe", claim }]);
    case "commit":
      return journal.commit({ writes: [], once: { by: "claim", claim } });
    case "sequence": {
      const sequenceNumber = String(claim.receiveCount).padStart(20, "0");
      return journal.commit({
        writes: [],
        once: { by: "sequence", group: claim.key, sequenceNumber, place: sequenceNumber },
      });
    }
  }
}

test("whatever is asked of it, in whichever order, the table answers as the model does", async () => {
  const { client } = await tableClient();
  const table = dynamodbJournal(client, "journal");
  let run = 0;
  await fc.assert(
    fc.asyncProperty(calls, async (sequence) => {
      const model = memoryJournal();
      const prefix = `run-${run++}`;
      let nowMs = Date.UTC(2026, 0, 31);
      for (const call of sequence) {
        nowMs += call.passedSeconds * SECOND_MS;
        const { token, messageId, receiveCount, payloadHash } = call;
        const key = `${prefix}-${call.key}`;
        const [leaseUntilMs, endedAtMs, ttlMs] = [nowMs + 25 * SECOND_MS, nowMs + 5 * SECOND_MS, 90 * SECOND_MS];
        const claim = { key, token, messageId, receiveCount, payloadHash, nowMs, leaseUntilMs, endedAtMs, ttlMs };
        expect(await carryOut(table, call, claim)).toEqual(await carryOut(model, call, claim));
        const keys = [key, `${key}-2`];
        expect(await table.read(keys)).toEqual(await model.read(keys));
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);
