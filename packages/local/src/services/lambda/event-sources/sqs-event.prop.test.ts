import fc from "fast-check";
import { expect, test } from "vitest";
import { batchesOf, type ReceivedMessage } from "./sqs-event.ts";

const LIMIT = 6 * 1_048_576;

const message = fc.record({
  id: fc.uuid(),
  length: fc.oneof({ weight: 3, arbitrary: fc.nat(2_000) }, { weight: 2, arbitrary: fc.nat(1_048_576) }),
});

function received({ id, length }: { id: string; length: number }): ReceivedMessage {
  return { MessageId: id, ReceiptHandle: `handle-${id}`, Body: "x".repeat(length), MD5OfBody: "" };
}

test("batches keep every message once and in order, and no event is over 6 MB", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 25 }), (messages) => {
      const batches = batchesOf(messages.map(received), "arn:aws:sqs:us-east-1:000000000000:q", "us-east-1");
      const ids = batches.flatMap(({ event }) =>
        (JSON.parse(event) as { Records: { messageId: string }[] }).Records.map((record) => record.messageId),
      );
      expect(ids).toEqual(messages.map(({ id }) => id));
      expect(batches.flatMap((batch) => batch.messages.map((each) => each.MessageId))).toEqual(ids);
      for (const { event } of batches) expect(Buffer.byteLength(event)).toBeLessThanOrEqual(LIMIT);
      for (const { messages: batch } of batches) expect(batch.length).toBeGreaterThan(0);
    }),
    { numRuns: 30 },
  );
});

test("few small messages are one batch", () => {
  const messages = Array.from({ length: 10 }, (_, index) => received({ id: String(index), length: 10 }));
  expect(batchesOf(messages, "arn", "us-east-1")).toHaveLength(1);
});
