import { type Clock, systemClock } from "../src/kernel/clock.ts";

/** A clock that a test sets ahead, and whose timers it sees. */
export interface TestClock extends Clock {
  setAhead(ms: number): void;
  /** When the timers are due that are set now. */
  due(): number[];
}

/** A clock on the machine's time; a timer that was set before the clock was keeps its hour on the machine's. */
export function testClock(): TestClock {
  const base = systemClock();
  const timers = new Set<{ readonly atMs: number }>();
  let aheadMs = 0;
  return {
    now: () => base.now() + aheadMs,
    at: (atMs, work) => {
      const timer = { atMs };
      timers.add(timer);
      const cancel = base.at(atMs - aheadMs, () => {
        timers.delete(timer);
        work();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
    setAhead: (ms) => {
      aheadMs = ms;
    },
    due: () => [...timers].map((timer) => timer.atMs),
  };
}
