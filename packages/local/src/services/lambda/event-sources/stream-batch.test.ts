import { expect, test } from "vitest";
import { expiredCount, laneOf } from "./stream-batch.ts";

const DAY_SECONDS = 86_400;

// source: Lambda API reference, MaximumRecordAgeInSeconds; DynamoDB developer guide: records are kept for 24 hours
test.each([
  [60, 60],
  [-1, DAY_SECONDS],
  [604_800, DAY_SECONDS],
])("with a maximum age of %i s, a record is expired once it is older than %i s", (maximumAgeSeconds, limitSeconds) => {
  const records = [0, 1_000].map((createdSeconds) => ({ createdSeconds, sequenceNumber: "", partition: "", text: "" }));
  const countAt = (nowSeconds: number) => expiredCount(records, maximumAgeSeconds, nowSeconds * 1_000);
  expect(countAt(limitSeconds)).toBe(0);
  expect(countAt(limitSeconds + 0.001)).toBe(1);
  expect(countAt(limitSeconds + 1_000)).toBe(1);
  expect(countAt(limitSeconds + 1_000.001)).toBe(2);
});

test("a partition is always in the same lane, and many are spread over all", () => {
  const partitions = Array.from({ length: 200 }, (_, index) => `{"S":"${index}"}`);
  const lanes = partitions.map((partition) => laneOf(partition, 10));
  expect(partitions.map((partition) => laneOf(partition, 10))).toEqual(lanes);
  expect(new Set(lanes).size).toBe(10);
  expect(new Set(partitions.map((partition) => laneOf(partition, 1)))).toEqual(new Set([0]));
});
