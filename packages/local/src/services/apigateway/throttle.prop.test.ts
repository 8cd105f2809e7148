import fc from "fast-check";
import { expect, test } from "vitest";
import { take } from "./throttle.ts";

test("in any window, no more pass than the burst and what the rate gives", () => {
  const requests = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(requests, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 20 }), (gaps, burst, rate) => {
      const limit = { burst, ratePerSecond: rate };
      let bucket = { tokens: burst, atMs: 0 };
      const passed: number[] = [];
      let atMs = 0;
      for (const gap of gaps) {
        atMs += gap;
        const taken = take(bucket, limit, atMs);
        bucket = taken.bucket;
        if (taken.passes) passed.push(atMs);
      }
      for (const [index, from] of passed.entries()) {
        for (const [further, until] of passed.slice(index).entries()) {
          expect(further + 1).toBeLessThanOrEqual(burst + ((until - from) / 1_000) * rate + 1e-6);
        }
      }
    }),
  );
});
