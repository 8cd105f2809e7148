import { consume, type LogLine, type MessageAttribute, type Outcome, type ReceivedMessage } from "@reliq/core";
import { samplePorts } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { batchSummary } from "./batch-summary.ts";
import { storeEventsConsumer } from "./store-events.ts";

const PERSON = { name: "Ada", dob: "1990-12-31", gender: "F", ssn_no: "000-12-3456", data_share_consent: true };
const EVENT = { ...PERSON, evnt_time: "2026-01-31T12:00:00.000Z" };
const STORE: Record<string, MessageAttribute> = { store_id: { dataType: "Number", stringValue: "3" } };

function message(body: unknown, attributes: Record<string, MessageAttribute>, messageId = "m"): ReceivedMessage {
  return { messageId, queue: "reliable_q", body: JSON.stringify(body), attributes, receiveCount: 1, sentAtMs: 0 };
}

const never: AbortSignal = new AbortController().signal;

/** Consumes a batch, and returns what became of it with all that was written anywhere. */
async function consumeBatch(messages: readonly ReceivedMessage[]): Promise<{ outcomes: Outcome[]; written: string }> {
  const lines: (LogLine | string)[] = [];
  const ports = samplePorts({ log: (line) => lines.push(line), now: () => 0 });
  const attempted = await consume(
    storeEventsConsumer((line) => lines.push(line)),
    { messages, signal: never, deadline: never, leaseUntilMs: 1_000 },
    ports,
  );
  const { entries } = await ports.journal.failures("reliable_q", "1970-01-01");
  return { outcomes: attempted.map(({ outcome }) => outcome), written: JSON.stringify([lines, entries]) };
}

test("an event without a store fails with the reason that it is missing, and its batch mates are processed", async () => {
  const { outcomes, written } = await consumeBatch([
    message(EVENT, STORE, "1"),
    message(EVENT, {}, "2"),
    message(EVENT, STORE, "3"),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["processed", "failed", "processed"]);
  expect(outcomes[1]).toMatchObject({
    reason: { category: "validation", errorName: "ValidationFailure", message: '{"missing_store_id":true}' },
  });
  expect(written).toContain('{\\"missing_store_id\\":true}');
});

test("an event whose body is not one fails with the field that is wrong", async () => {
  const { outcomes } = await consumeBatch([message({ ...EVENT, gender: "?" }, STORE)]);
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: { message: expect.stringContaining("gender") } });
});

test.each([
  ["social security number", { ssn_no: "000-12-34567" }, "000-12-34567"],
  ["date of birth", { dob: "31 December 1990" }, "31 December 1990"],
])("a wrong %s is in no log and in no reason", async (_, wrong, secret) => {
  const { outcomes, written } = await consumeBatch([message({ ...EVENT, ...wrong }, STORE)]);
  expect(outcomes[0]?.kind).toBe("failed");
  expect(written).not.toContain(secret);
});

test("a batch's line counts its messages, failed and processed", () => {
  expect(JSON.stringify(batchSummary(10, 3))).toBe('{"resp":{"status":true,"tot_msgs":10,"f_msgs":3,"s_msgs":7}}');
});
