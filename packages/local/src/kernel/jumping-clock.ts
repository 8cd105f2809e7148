import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "./clock.ts";

/** A clock that can be set ahead, never back. */
export interface JumpingClock extends Clock {
  aheadMs(): number;
  /** Sets the clock ahead at once, and resolves when all that is due by then has run. */
  jump(ms: number): Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly work: () => void;
}

/**
 * Another clock's time and an offset that only grows. What a jump passes runs right after it, in the order of its times and each
 * in a turn of its own: what an earlier timer sets off has its effect before a later one, as where time passes.
 */
export function jumpingClock(base: Clock, startAheadMs = 0): JumpingClock {
  const timers: Timer[] = [];
  let aheadMs = startAheadMs;
  let cancelAlarm = (): void => {};
  let running: Promise<void> | undefined;

  const now = (): number => base.now() + aheadMs;
  const arm = (): void => {
    cancelAlarm();
    const [first] = timers;
    if (first && !running) cancelAlarm = base.at(first.atMs - aheadMs, () => void runDue());
  };
  const runDue = (): Promise<void> => {
    running ??= runInOrder();
    return running;
  };
  const runInOrder = async (): Promise<void> => {
    try {
      for (;;) {
        await turn();
        const [first] = timers;
        if (!first || first.atMs > now()) break;
        timers.shift();
        first.work();
      }
    } finally {
      running = undefined;
      arm();
    }
  };
  return {
    now,
    aheadMs: () => aheadMs,
    at: (atMs, work) => {
      const timer = { atMs, work };
      const place = timers.findLastIndex((each) => each.atMs <= atMs) + 1;
      timers.splice(place, 0, timer);
      if (place === 0) arm();
      return () => {
        // Its alarm may stay: it finds nothing due then, and is set anew.
        const found = timers.indexOf(timer);
        if (found >= 0) timers.splice(found, 1);
      };
    },
    jump: (ms) => {
      aheadMs += ms;
      return runDue();
    },
  };
}
