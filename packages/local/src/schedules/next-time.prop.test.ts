import fc from "fast-check";
import { expect, test } from "vitest";
import { nextTime, readExpression } from "./next-time.ts";
import { wallTime } from "./wall-time.ts";

const MINUTE = 60_000;
const HORIZON_MINUTES = 2 * 1_440;

const field = (least: number, most: number): fc.Arbitrary<readonly number[]> =>
  fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 });
const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata");
/** Around the changes of the clocks, and anywhere. */
const times = fc.oneof(
  fc
    .constantFrom(
      "2026-03-28T22:00Z",
      "2026-10-24T22:00Z",
      "2026-03-08T01:00Z",
      "2026-11-01T01:00Z",
      "2026-04-04T10:00Z",
    )
    .map(Date.parse),
  fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) }),
);

test("the next time of a cron expression is the first minute after that its zone's clocks show for the first time and that fits", () => {
  fc.assert(
    fc.property(
      times,
      zones,
      field(0, 59),
      fc.option(field(0, 23)),
      fc.option(field(1, 7)),
      (afterMs, timeZone, minutes, hours, weekdays) => {
        const text = `cron(${minutes} ${hours ?? "*"} ${weekdays ? "?" : "*"} * ${weekdays ?? "?"} *)`;
        const found = nextTime(readExpression(text)!, { afterMs, anchorMs: 0, timeZone })!;
        const fits = (atMs: number): boolean => {
          const wall = new Date(wallTime(atMs, timeZone));
          return (
            minutes.includes(wall.getUTCMinutes()) &&
            (hours?.includes(wall.getUTCHours()) ?? true) &&
            (weekdays?.includes(wall.getUTCDay() + 1) ?? true)
          );
        };
        expect(found).toBeGreaterThan(afterMs);
        expect([found % MINUTE, fits(found)]).toEqual([0, true]);
        const shown = new Set<number>();
        const first = Math.floor(afterMs / MINUTE) * MINUTE + MINUTE;
        for (let at = first - 180 * MINUTE; at < Math.min(found, first + HORIZON_MINUTES * MINUTE); at += MINUTE) {
          const wall = wallTime(at, timeZone);
          if (at > afterMs && fits(at)) expect(shown.has(wall)).toBe(true);
          shown.add(wall);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test.each([
  ["cron(0 9 L * ? *)", "2026-02-28T09:00:00.000Z"],
  ["cron(0 9 LW * ? *)", "2026-02-27T09:00:00.000Z"],
  ["cron(0 9 15W * ? *)", "2026-02-16T09:00:00.000Z"],
  ["cron(0 9 1W * ? *)", "2026-02-02T09:00:00.000Z"],
  ["cron(0 9 ? * 3#2 *)", "2026-02-10T09:00:00.000Z"],
  ["cron(0 9 ? * FRIL *)", "2026-02-27T09:00:00.000Z"],
  ["cron(0 9 ? * L *)", "2026-02-07T09:00:00.000Z"],
  ["cron(0/15 8-10 ? * MON-FRI *)", "2026-02-02T08:00:00.000Z"],
  ["cron(30 4 29 FEB ? *)", "2028-02-29T04:30:00.000Z"],
  ["cron(0 0 1 1 ? 2199)", "2199-01-01T00:00:00.000Z"],
  ["rate(2 hours)", "2026-02-02T00:00:00.000Z"],
  ["at(2026-02-03T04:05:06)", "2026-02-03T04:05:06.000Z"],
])("%s is due next at %s", (text, expected) => {
  const afterMs = Date.parse("2026-02-01T22:30:00Z");
  const found = nextTime(readExpression(text)!, {
    afterMs,
    anchorMs: Date.parse("2026-02-01T00:00:00Z"),
    timeZone: "UTC",
  });
  expect(new Date(found!).toISOString()).toBe(expected);
});

test.each([
  "cron(0 9 * * * *)",
  "cron(0 9 ? * ? *)",
  "cron(0 9 ? * MON)",
  "cron(60 9 ? * MON *)",
  "cron(0 24 ? * MON *)",
  "cron(5-1 9 ? * MON *)",
  "cron(0/0 9 ? * MON *)",
  "cron(0 9 32W * ? *)",
  "cron(0 9 ? * 8#1 *)",
  "rate(0 minutes)",
  "rate(5 seconds)",
  "at(2026-13-01T00:00:00)",
  "every day",
])("%s is no expression", (text) => {
  expect(readExpression(text)).toBeUndefined();
});

test("what is over has no next time", () => {
  const over = { afterMs: Date.parse("2026-02-01T00:00:00Z"), anchorMs: 0, timeZone: "UTC" };
  expect(nextTime(readExpression("cron(0 9 1 1 ? 2025)")!, over)).toBeUndefined();
  expect(nextTime(readExpression("at(2026-01-31T23:59:59)")!, over)).toBeUndefined();
});
