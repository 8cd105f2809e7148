import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AppliedRemedy, decideRemedy } from "./decide-remedy.ts";
import { type CompleteRemedy, completeRemedies, type Remedy } from "./remedy.ts";

const MINUTE_MS = 60_000;
const SCALE: Remedy = {
  name: "more",
  kind: "scale-concurrency",
  mapping: "m",
  queueUrl: "q",
  backlogAbove: 9,
  most: 50,
};
const PAUSE: Remedy = { name: "pause", kind: "pause-intake", mapping: "m", breaker: "b", mostSeconds: 900 };
const WIDEN: Remedy = { name: "widen", kind: "widen-throttle", functionName: "f", throttlesAbove: 3, most: 40 };
const [scale, pause, widen] = completeRemedies([SCALE, PAUSE, WIDEN]) as [
  CompleteRemedy,
  CompleteRemedy,
  CompleteRemedy,
];

/** What happens in one minute: whether there is trouble, and whether the remedy is killed before it has carried out what it kept. */
interface Minute {
  readonly troubled: boolean;
  readonly killed: boolean;
}

/** A setting that a remedy works on, minute by minute, and each change that was carried out. */
function run(remedy: CompleteRemedy, original: number, minutes: readonly Minute[]) {
  let level = original;
  let applied: AppliedRemedy | undefined;
  const changes: { readonly atMs: number; readonly level: number; readonly again: boolean }[] = [];
  const levels: number[] = [];
  for (const [index, { troubled, killed }] of minutes.entries()) {
    const nowMs = index * MINUTE_MS;
    const decision = decideRemedy(remedy, { level, troubled, nowMs }, applied);
    applied = decision.applied;
    if (decision.set !== undefined && !killed) {
      level = decision.set;
      changes.push({ atMs: nowMs, level, again: decision.why.includes("not carried out") });
    }
    levels.push(level);
  }
  return { level, applied, changes, levels };
}

const minute: fc.Arbitrary<Minute> = fc.record({
  troubled: fc.boolean(),
  killed: fc.boolean(),
});
const minutes = fc.array(minute, { maxLength: 80 });
const CALM: readonly Minute[] = Array.from({ length: 60 }, () => ({ troubled: false, killed: false }));

describe.each([
  ["scale-concurrency", scale, 50],
  ["widen-throttle", widen, 40],
  ["pause-intake", pause, 1],
])("%s", (_, remedy, most) => {
  const start = remedy.kind === "pause-intake" ? fc.constant(1) : fc.integer({ min: 2, max: 30 });

  test("whenever it is killed, the setting stays within its bounds, and is what it was once its problem is over", () => {
    fc.assert(
      fc.property(start, minutes, (original, happened) => {
        const { levels, level, applied } = run(remedy, original, [...happened, ...CALM]);
        expect(Math.max(original, ...levels)).toBeLessThanOrEqual(Math.max(original, most));
        if (remedy.kind !== "pause-intake") expect(Math.min(original, ...levels)).toBe(original);
        expect(level).toBe(original);
        expect(applied).toBeUndefined();
      }),
    );
  });

  test("two changes have its cooldown between them, unless the first was not carried out or it is taken back", () => {
    fc.assert(
      fc.property(start, minutes, (original, happened) => {
        const { changes } = run(remedy, original, happened);
        for (const [index, change] of changes.entries()) {
          const before = changes[index - 1];
          if (!before || change.again || before.again || change.level === original || before.level === original)
            continue;
          expect(change.atMs - before.atMs).toBeGreaterThanOrEqual(remedy.cooldownSeconds * 1_000);
        }
      }),
    );
  });

  test("what somebody else has set stays", () => {
    fc.assert(
      fc.property(start, (original) => {
        const { applied } = run(remedy, original, [{ troubled: true, killed: false }]);
        const others = 1_234;
        const decision = decideRemedy(remedy, { level: others, troubled: true, nowMs: MINUTE_MS }, applied);
        expect(decision).toMatchObject({ kind: "leave" });
        expect(decision.set).toBeUndefined();
        expect(decision.applied).toBeUndefined();
      }),
    );
  });
});

test("an intake is off no longer than it may be, and then stays on for as long", () => {
  const trouble = Array.from({ length: 60 }, () => ({ troubled: true, killed: false }));
  const { levels } = run(pause, 1, trouble);
  const runs = levels.join("").match(/0+|1+/g) ?? [];
  expect(runs.map((each) => `${each[0]}×${each.length}`).slice(0, 3)).toEqual(["0×15", "1×16", "0×15"]);
});

test("a backlog that stays doubles the concurrency step by step, to its bound", () => {
  const trouble = Array.from({ length: 40 }, () => ({ troubled: true, killed: false }));
  expect(run(scale, 10, trouble).changes.map(({ level }) => level)).toEqual([20, 40, 50]);
});

test.each([
  [{ ...SCALE, most: 2 }, "option `most` is 2; it takes a whole number from 3 to 1000"],
  [{ ...PAUSE, mostSeconds: 5 }, "option `mostSeconds` is 5"],
  [{ ...WIDEN, functionName: "" }, 'option `functionName` is ""'],
  [{ ...WIDEN, kind: "restart" }, 'There is no remedy of kind "restart"'],
  [{ ...WIDEN, factor: 2 }, "there is no option `factor`"],
])("a remedy that cannot work is refused", (remedy, why) => {
  expect(() => completeRemedies([remedy as Remedy])).toThrow(why);
  expect(() => completeRemedies([SCALE, SCALE])).toThrow("Two remedies are called more.");
});
