import fc from "fast-check";
import { expect, test } from "vitest";
import { atFirst, isActive, LONGEST_BATCH_SECONDS, laterOf, rejoin, takeOver } from "./active-region.ts";

const region = fc.constantFrom("us-east-1", "eu-west-1");
const action = fc.record({ by: region, what: fc.constantFrom("take over", "rejoin") });

test("whoever takes over and rejoins, however often: one region is active, and each takeover has an epoch of its own", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
      let active = atFirst("us-east-1");
      for (const [atMs, { by, what }] of actions.entries()) {
        const after = what === "rejoin" ? rejoin(active, by) : takeOver(active, by, atMs);
        if (!after) continue;
        expect(after.epoch).toBe(active.epoch + (what === "rejoin" ? 0 : 1));
        expect(after).toMatchObject({ region: by, isAlone: what === "take over" });
        active = after;
      }
    }),
  );
});

test("what is repeated changes nothing, and a region that is not active does not decide about the other", () => {
  const taken = takeOver(atFirst("us-east-1"), "eu-west-1", 5);
  expect(taken).toMatchObject({ region: "eu-west-1", epoch: 1, isAlone: true });
  expect(taken && takeOver(taken, "eu-west-1", 9)).toBeUndefined();
  expect(taken && rejoin(taken, "us-east-1")).toBeUndefined();
  expect(rejoin(atFirst("us-east-1"), "us-east-1")).toBeUndefined();
});

test("a region works only once what the other had begun has ended", () => {
  const taken = takeOver(atFirst("us-east-1"), "eu-west-1", 5) ?? atFirst("nowhere");
  expect(taken.sinceMs).toBeGreaterThan(5 + LONGEST_BATCH_SECONDS * 1_000);
  expect(isActive(taken, "eu-west-1", taken.sinceMs - 1)).toBe(false);
  expect(isActive(taken, "eu-west-1", taken.sinceMs)).toBe(true);
  expect(isActive(taken, "us-east-1", taken.sinceMs)).toBe(false);
  expect(laterOf(atFirst("us-east-1"), taken)).toBe(taken);
  expect(laterOf(taken, atFirst("us-east-1"))).toBe(taken);
});

test("the active region can go on alone, too, and stays active since then", () => {
  const alone = takeOver({ ...atFirst("us-east-1"), sinceMs: 3 }, "us-east-1", 5);
  expect(alone).toEqual({ region: "us-east-1", epoch: 1, sinceMs: 3, isAlone: true });
});
