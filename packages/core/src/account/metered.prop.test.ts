import fc from "fast-check";
import { expect, test } from "vitest";
import { balanceMeters, type MeteredPeriod, whatMetersMiss } from "./metered.ts";

type Step =
  | { readonly kind: "send" | "receive" | "delete" | "release" | "move" | "capture" | "lose"; readonly count: number }
  | { readonly kind: "rest" };

const STEPS = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom("send", "receive", "delete", "release", "move", "capture", "lose"),
      count: fc.integer({ min: 1, max: 5 }),
    }),
    fc.record({ kind: fc.constant("rest" as const) }),
  ),
  { maxLength: 60 },
);

const QUIET = { sent: 0, deleted: 0, hidden: 0 };

/** Plays steps, one a period, and gives back the periods of a queue and its dead-letter queue, and how many were lost by then. */
function play(steps: readonly Step[]): {
  readonly queue: readonly MeteredPeriod[];
  readonly dead: readonly MeteredPeriod[];
  readonly lost: readonly number[];
} {
  let [visible, inFlight, dead, lost] = [0, 0, 0, 0];
  const periods = steps.map((step) => {
    const before = { visible, inFlight, dead };
    const flow = { sent: 0, deleted: 0, captured: 0 };
    const take = (most: number): number => Math.min(step.kind === "rest" ? 0 : step.count, most);
    switch (step.kind) {
      case "send":
        flow.sent = step.count;
        visible += step.count;
        break;
      case "receive": {
        const count = take(visible);
        [visible, inFlight] = [visible - count, inFlight + count];
        break;
      }
      case "release": {
        const count = take(inFlight);
        [visible, inFlight] = [visible + count, inFlight - count];
        break;
      }
      case "delete":
        flow.deleted = take(inFlight);
        inFlight -= flow.deleted;
        break;
      case "move": {
        const count = take(inFlight);
        [inFlight, dead] = [inFlight - count, dead + count];
        break;
      }
      case "capture":
        flow.captured = take(dead);
        dead -= flow.captured;
        break;
      case "lose": {
        const count = take(visible);
        [visible, lost] = [visible - count, lost + count];
        break;
      }
      case "rest":
    }
    const most = (name: keyof typeof before, now: number): number => Math.max(before[name], now);
    return {
      queue: { sent: flow.sent, deleted: flow.deleted, visible, hidden: most("inFlight", inFlight) },
      dead: { ...QUIET, deleted: flow.captured, visible: dead },
      lost,
    };
  });
  return {
    queue: periods.map(({ queue }) => queue),
    dead: periods.map((each) => each.dead),
    lost: periods.map((each) => each.lost),
  };
}

test("whatever moves between two moments of rest, what is missing is what was lost between them", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const { queue, dead, lost } = play(steps);
      const balance = balanceMeters([queue, dead], { fromMs: 0, periodMs: 1 });
      if (!balance) return;
      expect(balance.missing).toBe((lost[balance.toMs - 1] ?? 0) - (lost[balance.fromMs] ?? 0));
    }),
  );
});

test("a queue that was never at rest twice has no balance", () => {
  const busy = { sent: 1, deleted: 1, visible: 0, hidden: 0 };
  expect(balanceMeters([[busy, busy]], { fromMs: 0, periodMs: 1 })).toBeUndefined();
  expect(balanceMeters([[QUIET, busy]], { fromMs: 0, periodMs: 1 })).toBeUndefined();
  expect(balanceMeters([], { fromMs: 0, periodMs: 1 })).toBeUndefined();
});

test("a report that is left out makes no message missing", () => {
  const waiting = { ...QUIET, sent: 3, visible: 3 };
  expect(balanceMeters([[QUIET, waiting, QUIET, QUIET]], { fromMs: 0, periodMs: 1 })).toMatchObject({ missing: 0 });
});

test("one in a thousand may be missing, and what was deleted twice is no loss", () => {
  const of = (sent: number, missing: number): boolean =>
    whatMetersMiss(0, { fromMs: 0, toMs: 1, sent, missing }) !== undefined;
  expect([of(999, 1), of(1_000, 1), of(1_000, 2), of(5, 0), of(5, -3)]).toEqual([true, false, true, false, false]);
});
