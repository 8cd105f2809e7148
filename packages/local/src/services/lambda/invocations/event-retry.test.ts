import { expect, test } from "vitest";
import { afterFailure, afterThrottle, type QueuedEvent } from "./event-retry.ts";

const SECOND = 1_000;
const event: QueuedEvent = {
  requestId: "r",
  functionName: "f",
  payload: "{}",
  traceId: null,
  acceptedAt: 0,
  attempts: 1,
  throttles: 0,
  dueAt: 0,
};

// Lambda developer guide, asynchronous invocation: two retries, after one minute and after two more.
test("an event that failed is tried again after one minute, then after two, then given up", () => {
  expect(afterFailure(event, undefined, 0)).toEqual({ kind: "retry", dueAt: 60 * SECOND });
  expect(afterFailure({ ...event, attempts: 2 }, undefined, 0)).toEqual({ kind: "retry", dueAt: 120 * SECOND });
  expect(afterFailure({ ...event, attempts: 3 }, undefined, 0)).toEqual({
    kind: "exhausted",
    condition: "RetriesExhausted",
  });
});

test("the function's own limits count", () => {
  const config = { maximumRetryAttempts: 0, modifiedMs: 0 };
  expect(afterFailure(event, config, 0)).toMatchObject({ condition: "RetriesExhausted" });
  const young = { maximumEventAgeSeconds: 60, modifiedMs: 0 };
  expect(afterFailure(event, young, 1)).toMatchObject({ condition: "EventAgeExceeded" });
});

test("a throttled event waits longer each time, up to five minutes, and is given up at six hours", () => {
  const waits = [1, 2, 3, 9, 10, 40].map((throttles) => afterThrottle({ ...event, throttles }, undefined, 0));
  expect(waits.map((next) => (next.kind === "retry" ? next.dueAt / SECOND : next))).toEqual([1, 2, 4, 256, 300, 300]);
  expect(afterThrottle(event, undefined, 21_600 * SECOND)).toMatchObject({ condition: "EventAgeExceeded" });
});
