import { expect, test } from "vitest";
import { failedMessages } from "./failed-messages.ts";

const IDS = ["a", "b", "c"];
const answer = (value: unknown) => ({ kind: "success", payload: JSON.stringify(value) }) as const;
const failure = (itemIdentifier: unknown) => ({ itemIdentifier });

// Lambda developer guide, "Implementing partial batch responses": success and failure conditions.
test.each([
  ["null", null],
  ["an empty answer", {}],
  ["an answer that is an empty list", []],
  ["an empty list", { batchItemFailures: [] }],
  ["a null list", { batchItemFailures: null }],
])("%s is full success", (_, value) => {
  expect(failedMessages(answer(value), IDS, true)).toEqual([]);
});

test.each([
  ["an empty id", { batchItemFailures: [failure("")] }],
  ["a null id", { batchItemFailures: [failure(null)] }],
  ["an id that the batch does not have", { batchItemFailures: [failure("a"), failure("x")] }],
  ["a key with another name", { batchItemFailures: [{ id: "a" }] }],
  ["a failure that is null", { batchItemFailures: [null] }],
  ["a list that is none", { batchItemFailures: "a" }],
  ["an answer that is no object", "a"],
  ["an answer that is a list", [failure("a")]],
])("%s is full failure", (_, value) => {
  expect(failedMessages(answer(value), IDS, true)).toEqual(IDS);
});

test("the messages that are named failed, and no others", () => {
  expect(failedMessages(answer({ batchItemFailures: [failure("b")] }), IDS, true)).toEqual(["b"]);
});

test("without ReportBatchItemFailures, what a function answers does not matter", () => {
  expect(failedMessages(answer({ batchItemFailures: [failure("b")] }), IDS, false)).toEqual([]);
});

test("a function that does not answer failed them all", () => {
  const crash = { kind: "crash", error: { errorType: "Runtime.ExitError", errorMessage: "" } } as const;
  expect(failedMessages(crash, IDS, true)).toEqual(IDS);
});
