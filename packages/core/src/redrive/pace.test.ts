import { expect, test } from "vitest";
import { paceOf } from "./pace.ts";

const OPTIONS = { ratePerSecond: 10, maxQueueAgeSeconds: 600 };

test("a run is as fast as its option while all is well, and a few failures say nothing", () => {
  expect(paceOf(OPTIONS, { failures: 0, resolved: 0 })).toEqual({ ratePerSecond: 10 });
  expect(paceOf(OPTIONS, { failures: 4, resolved: 0 })).toEqual({ ratePerSecond: 10 });
  expect(paceOf(OPTIONS, { failures: 0, resolved: 0, oldestAgeSeconds: 300 })).toEqual({ ratePerSecond: 10 });
});

test("the more attempts fail, the slower; nothing is sent at half of them, and the reason is said", () => {
  expect(paceOf(OPTIONS, { failures: 10, resolved: 30 })).toMatchObject({ ratePerSecond: 5 });
  const none = paceOf(OPTIONS, { failures: 10, resolved: 10 });
  expect(none).toEqual({ ratePerSecond: 0, because: "10 attempts of the queue failed in the last minute" });
});

test("what the queue's consumer processes beside the run counts too", () => {
  const busy = { failures: 10, resolved: 0, processed: 990 };
  expect(paceOf(OPTIONS, busy)).toMatchObject({ ratePerSecond: 9.8 });
  const because = "10 attempts of the queue failed in the last minute, and 10 messages were processed";
  expect(paceOf(OPTIONS, { ...busy, processed: 10 })).toEqual({ ratePerSecond: 0, because });
});

test("the older the queue, the slower; nothing is sent at its limit, and the reason is said", () => {
  expect(paceOf(OPTIONS, { failures: 0, resolved: 0, oldestAgeSeconds: 450 })).toMatchObject({ ratePerSecond: 5 });
  const none = paceOf(OPTIONS, { failures: 0, resolved: 0, oldestAgeSeconds: 600 });
  expect(none).toEqual({ ratePerSecond: 0, because: "the queue's oldest message is 600 s old, of at most 600" });
});
