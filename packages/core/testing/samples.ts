import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ReceivedMessage } from "../src/index.ts";

/** A message for tests; `changes` say what matters to the test. */
export function sampleMessage(changes: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    messageId: "m-1",
    queue: "orders",
    body: "{}",
    attributes: {},
    receiveCount: 1,
    sentAtMs: Date.UTC(2026, 0, 31, 23, 59, 58),
    ...changes,
  };
}

/** A schema for tests that says what `validate` says. */
export function sampleSchema<T>(
  validate: StandardSchemaV1<unknown, T>["~standard"]["validate"],
): StandardSchemaV1<unknown, T> {
  return { "~standard": { version: 1, vendor: "test", validate } };
}

/** A schema for tests that takes any body as it is. */
export const anyBody: StandardSchemaV1<unknown, unknown> = sampleSchema((value) => ({ value }));
