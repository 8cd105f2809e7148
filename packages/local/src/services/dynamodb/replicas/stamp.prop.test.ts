import fc from "fast-check";
import { expect, test } from "vitest";
import { nextStamp, outlasts, type Stamp } from "./stamp.ts";

const stamp: fc.Arbitrary<Stamp> = fc.record({
  atMs: fc.integer({ min: 0, max: 5 }),
  region: fc.constantFrom("eu-west-1", "us-east-1", "us-west-2"),
});

const last = (writes: readonly Stamp[]): Stamp | undefined =>
  writes.reduce<Stamp | undefined>((kept, each) => (outlasts(each, kept) ? each : kept), undefined);

test("whatever the order in which two regions hear of writes, and however often, the same one stays", () => {
  fc.assert(
    fc.property(
      fc
        .array(stamp, { minLength: 1 })
        .chain((writes) => fc.tuple(fc.constant(writes), fc.shuffledSubarray(writes, { minLength: writes.length }))),
      ([writes, shuffled]) => {
        expect(last([...shuffled, ...writes])).toEqual(last(writes));
      },
    ),
  );
});

test("a write outlasts the one that it has seen, though the other region's clock is ahead", () => {
  fc.assert(
    fc.property(stamp, fc.integer({ min: 0, max: 5 }), (seen, nowMs) => {
      const clock = { now: () => nowMs, at: () => () => {} };
      expect(outlasts(nextStamp({ clock, region: "eu-west-1" }, seen), seen)).toBe(true);
    }),
  );
});
