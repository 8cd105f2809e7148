import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock } from "./clock.ts";
import { type JumpingClock, jumpingClock } from "./jumping-clock.ts";

/** A machine's time that only the test moves. */
interface Machine extends Clock {
  pass(ms: number): void;
}

function machine(): Machine {
  let nowMs = 1_000;
  const alarms = new Set<{ atMs: number; work: () => void }>();
  return {
    now: () => nowMs,
    at: (atMs, work) => {
      const alarm = { atMs, work };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    pass: (ms) => {
      nowMs += ms;
      for (const alarm of [...alarms]) if (alarm.atMs <= nowMs && alarms.delete(alarm)) alarm.work();
    },
  };
}

interface Timer {
  readonly id: number;
  readonly atMs: number;
  readonly cancel: () => void;
}

/** Sets timers on a clock, and looks at each firing whether it was that timer's turn. */
function watched(clock: JumpingClock) {
  const pending = new Map<number, Timer>();
  const fired: number[] = [];
  const wrong: string[] = [];
  let ids = 0;
  const set = ([inMs, ...next]: readonly number[]): void => {
    if (inMs === undefined) return;
    const atMs = clock.now() + inMs;
    const id = ++ids;
    const cancel = clock.at(atMs, () => {
      const earliest = [...pending.values()].sort((a, b) => a.atMs - b.atMs || a.id - b.id)[0];
      if (earliest?.id !== id) wrong.push(`${id} came before ${earliest?.id}`);
      if (clock.now() < atMs) wrong.push(`${id} came early`);
      pending.delete(id);
      fired.push(id);
      set(next);
    });
    pending.set(id, { id, atMs, cancel });
  };
  const cancel = (index: number): void => {
    const timer = [...pending.values()][index];
    timer?.cancel();
    if (timer && pending.delete(timer.id)) fired.push(timer.id);
  };
  return { pending, fired, wrong, set, cancel, count: () => ids };
}

const inMs = fc.integer({ min: -50, max: 500 });
const ms = fc.integer({ min: 1, max: 400 });
const step = fc.oneof(
  // Each timer, when it fires, sets the next of its list.
  fc.record({ kind: fc.constant("set" as const), timers: fc.array(inMs, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant("cancel" as const), index: fc.nat(6) }),
  fc.record({ kind: fc.constantFrom("jump" as const, "pass" as const), ms }),
  fc.record({ kind: fc.constant("turn" as const) }),
);

test("whatever is set, cancelled and jumped over fires exactly once, in the order of its times, and never early", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const time = machine();
      const clock = jumpingClock(time);
      const timers = watched(clock);
      for (const each of steps) {
        const before = clock.now();
        if (each.kind === "set") timers.set(each.timers);
        else if (each.kind === "cancel") timers.cancel(each.index);
        else if (each.kind === "pass") time.pass(each.ms);
        // Not awaited: what follows comes between the timers that this one passes.
        else if (each.kind === "jump") void clock.jump(each.ms);
        else await turn();
        expect(clock.now() - before).toBe("ms" in each ? each.ms : 0);
      }
      while (timers.pending.size > 0) await clock.jump(500);
      expect(timers.wrong).toEqual([]);
      expect(timers.fired.toSorted((a, b) => a - b)).toEqual(Array.from({ length: timers.count() }, (_, at) => at + 1));
    }),
    { numRuns: 300 },
  );
});
