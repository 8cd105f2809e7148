import { expect, test } from "vitest";
import { toldAfter, trendAlerts, type Watched, withSample } from "./trends.ts";

const falling = (perMinute: number, horizonSeconds: number): Watched => ({
  subject: "product p-1",
  kind: "low-stock",
  samples: Array.from({ length: 10 }, (_, index) => ({ atMs: index * 60_000, value: 100 - index * perMinute })),
  limit: 2,
  horizonSeconds,
});

test("a trend is told once, until it is over, and that is told once too", () => {
  const [alert] = trendAlerts([falling(2, 3_600)], new Set());
  expect(alert).toMatchObject({ event: "trend", subject: "product p-1", now: 82, limit: 2 });
  const told = toldAfter(new Set(), alert ? [alert] : []);
  expect(trendAlerts([falling(2, 3_600)], told)).toEqual([]);
  const over = trendAlerts([falling(0, 3_600)], told);
  expect(over).toEqual([{ event: "trend-over", kind: "low-stock", subject: "product p-1" }]);
  expect(toldAfter(told, over)).toEqual(new Set());
});

test("what will get there only after the time that is looked ahead is not told", () => {
  expect(trendAlerts([falling(2, 600)], new Set())).toEqual([]);
});

test("of the samples the newest are kept", () => {
  const samples = [1, 2, 3].map((value) => ({ atMs: value, value }));
  expect(withSample(samples, { atMs: 4, value: 4 }, 3).map(({ value }) => value)).toEqual([2, 3, 4]);
});
