import fc from "fast-check";
import { expect, test } from "vitest";
import { forecast, type Sample } from "./forecast.ts";

const MINUTE_MS = 60_000;
const line = (count: number, start: number, perMinute: number, noise: (index: number) => number = () => 0): Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: index * MINUTE_MS,
    value: start + index * perMinute + noise(index),
  }));

const lines = fc.record({
  count: fc.integer({ min: 5, max: 40 }),
  start: fc.integer({ min: 0, max: 500 }),
  perMinute: fc.integer({ min: 1, max: 50 }),
});

test("a straight line meets its limit when it does, up or down, and there is no doubt about it", () => {
  fc.assert(
    fc.property(lines, fc.boolean(), ({ count, start, perMinute }, up) => {
      const samples = line(count, start, up ? perMinute : -perMinute);
      const now = samples.at(-1)?.value ?? 0;
      const found = forecast(samples, now + (up ? 600 : -600));
      expect(found?.likelySeconds).toBeCloseTo((600 / perMinute) * 60, 3);
      expect(found?.earliestSeconds).toBeCloseTo(found?.likelySeconds ?? 0, 3);
      expect(found?.latestSeconds).toBeCloseTo(found?.likelySeconds ?? 0, 3);
    }),
  );
});

test("what moves away from its limit, stands still, is there, or is known too little of has no forecast", () => {
  fc.assert(
    fc.property(lines, ({ count, start, perMinute }) => {
      const samples = line(count, start, perMinute);
      const now = samples.at(-1)?.value ?? 0;
      expect(forecast(samples, now - 1)).toBeUndefined();
      expect(forecast(samples, now)).toBeUndefined();
      expect(forecast(line(count, start, 0), start + 10)).toBeUndefined();
      expect(forecast(samples.slice(0, 4), now + 10)).toBeUndefined();
    }),
  );
});

test("the likely time lies within its band, and neither depends on when the clock began", () => {
  const noise = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(lines, noise, fc.integer({ min: 0, max: 1e12 }), ({ count, start, perMinute }, noises, shiftMs) => {
      const samples = line(count, start, perMinute, (index) => noises[index] ?? 0);
      const limit = (samples.at(-1)?.value ?? 0) + 1_000;
      const found = forecast(samples, limit);
      if (!found) return;
      expect(found.earliestSeconds).toBeLessThanOrEqual(found.likelySeconds);
      expect(found.likelySeconds).toBeLessThanOrEqual(found.latestSeconds);
      const later = forecast(
        samples.map(({ atMs, value }) => ({ atMs: atMs + shiftMs, value })),
        limit,
      );
      expect(later?.likelySeconds).toBeCloseTo(found.likelySeconds, 3);
    }),
  );
});

/** Numbers that look random and are the same each time (Lehmer's generator). */
function gaussian(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

test("of a thousand noisy trends, the band has the true slope about nine times of ten", () => {
  let within = 0;
  for (let trial = 1; trial <= 1_000; trial++) {
    const noise = gaussian(trial * 7_919);
    const samples = line(15, 100, 10, () => noise() * 15);
    const distance = 1_000;
    const found = forecast(samples, (samples.at(-1)?.value ?? 0) + distance);
    const trueSeconds = (distance / 10) * 60;
    if (found && found.earliestSeconds <= trueSeconds && trueSeconds <= found.latestSeconds) within++;
  }
  expect(within).toBeGreaterThan(850);
  expect(within).toBeLessThan(950);
});
