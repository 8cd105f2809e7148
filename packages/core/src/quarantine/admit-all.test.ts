import { expect, test } from "vitest";
import { memoryQuarantine, sampleMessage, samplePorts, sampleSchema } from "../../testing/index.ts";
import { consume } from "../consume.ts";
import { consumer } from "../consumer.ts";
import type { Attempted } from "../message/work.ts";
import { freeMark, holdBehind } from "../model/group-mark.ts";
import { groupHolding } from "./group-holding.ts";

type Holding = Parameters<typeof groupHolding>[0];

const NOW_MS = Date.UTC(2026, 1, 1, 12);

/** A batch of one message of the healthy group and one behind a held message of the other; `handled` resolves when a handler has run. */
async function receive(
  change: (quarantine: Holding, handled: Promise<void>) => Holding["commit"],
): Promise<readonly Attempted[]> {
  const quarantine = memoryQuarantine();
  const free = freeMark("orders.fifo", "held");
  const held = holdBehind(free, { lineage: "m-0", place: sequence(1) }, NOW_MS);
  await quarantine.commit({ before: undefined, after: { ...held, version: 1 } });
  const { promise: handled, resolve } = Promise.withResolvers<void>();
  const orders = consumer({
    name: "orders",
    schema: sampleSchema((value) => ({ value })),
    onPoison: "hold-group",
    handle: () => resolve(),
  });
  const messages = [message("m-1", "held", 2), message("m-2", "healthy", 3)];
  const [signal, deadline] = [new AbortController().signal, new AbortController().signal];
  const commit = change(quarantine, handled);
  const ports = samplePorts({ quarantine: groupHolding({ marks: quarantine.marks, commit }) });
  return await consume(orders, { messages, leaseUntilMs: NOW_MS + 30_000, signal, deadline }, ports);
}

function message(messageId: string, groupId: string, number: number): ReturnType<typeof sampleMessage> {
  return sampleMessage({ messageId, queue: "orders.fifo", groupId, sequenceNumber: sequence(number) });
}

function sequence(number: number): string {
  return String(number).padStart(20, "0");
}

function kinds(attempted: readonly Attempted[]): readonly string[] {
  return attempted.map(({ outcome }) => outcome.kind);
}

test("a healthy group is handled while what is behind a failed message is still being set aside", async () => {
  const attempted = await receive((quarantine, handled) => async (change) => {
    await handled;
    return await quarantine.commit(change);
  });
  expect(kinds(attempted)).toEqual(["set-aside", "processed"]);
});

test("a message stays on its queue where it could not be set aside", async () => {
  const attempted = await receive(() => async () => {
    throw new Error("the table is down");
  });
  expect(kinds(attempted)).toEqual(["deferred", "processed"]);
});

test("a message whose group was freed meanwhile is received again", async () => {
  const attempted = await receive((quarantine) => async () => {
    const [before] = await quarantine.marks([{ queue: "orders.fifo", group: "held" }]);
    if (before?.phase === "held") {
      await quarantine.commit({ before, after: { ...freeMark("orders.fifo", "held"), version: before.version + 1 } });
    }
    return "conflict";
  });
  expect(attempted[0]?.outcome).toMatchObject({ kind: "deferred", retryAfterSeconds: 0 });
  expect(attempted[1]?.outcome.kind).toBe("processed");
});
