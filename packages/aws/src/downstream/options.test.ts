import { expect, test } from "vitest";
import { downstream } from "./downstream.ts";
import type { DownstreamOptions } from "./options.ts";

test.each([
  [{ timeoutSeconds: 0 }, "option `timeoutSeconds` is 0; it takes a number of seconds over 0, at most 900."],
  [{ timeout: 5 }, "there is no option `timeout`"],
  [{ retry: 3 }, "option `retry` is 3; it takes `{ retries: 2"],
  [{ retry: { attempts: 3 } }, 'downstream("payments") retry: there is no option `attempts`'],
  [{ retry: { retries: 0 } }, "a whole number from 1 to 10."],
  [{ breaker: { failureRatio: 1 } }, "a number over 0 and under 1."],
  [{ breaker: { ofCalls: 10 } }, "give `consecutiveFailures`, or `failureRatio` with `ofCalls`."],
  [{ breaker: { failureRatio: 0.5, consecutiveFailures: 2 } }, "give `consecutiveFailures`, or"],
  [{ bulkhead: {} }, "option `concurrent` is undefined; it takes a whole number from 1 to 10000."],
  [{ isFailure: true }, "option `isFailure` is true; it takes a function."],
])("options %j are refused with what they take", (options, says) => {
  const refusal = expect.objectContaining({ code: "downstream-option", message: expect.stringContaining(says) });
  expect(() => downstream("payments", options as DownstreamOptions)).toThrow(refusal);
});

test.each(["", "my payments", 5])("a name of %j is refused", (name) => {
  expect(() => downstream(name as string)).toThrow("a name is 1 to 80 letters");
});
