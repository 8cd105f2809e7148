import { setTimeout as wait } from "node:timers/promises";
import type { BreakerState } from "../downstream/options.ts";

/** A breaker that a worker goes by: a `downstream`, or anything else that tells its state. */
export interface Pausing {
  state(): BreakerState;
}

/** Holds a worker back while a breaker says that its handlers would only be refused. */
export interface Pause {
  /** Resolves when no breaker is open, or the worker ends. */
  over(): Promise<void>;
  /** Waits until a handler may start, and gives what to call when it has ended: while a breaker tries, one at a time. */
  enter(): Promise<() => void>;
}

/** How often breakers are asked while one is open, milliseconds: they know when they close, not whom to tell. */
const ASK_MS = 100;

/** Makes a pause that lasts as long as any of the breakers is open, and at most until the signal is aborted. */
export function createPause(breakers: readonly Pausing[], signal: AbortSignal): Pause {
  const is = (state: BreakerState): boolean => !signal.aborted && breakers.some((each) => each.state() === state);
  let opening: Promise<void> | undefined;
  let trying: Promise<void> | undefined;
  const untilNoneIsOpen = async (): Promise<void> => {
    while (is("open")) await wait(ASK_MS, undefined, { signal }).catch(() => {});
    opening = undefined;
  };
  const over = (): Promise<void> => {
    if (!is("open")) return Promise.resolve();
    opening ??= untilNoneIsOpen();
    return opening;
  };
  return {
    over,
    enter: async () => {
      while (is("open") || (trying && is("half-open"))) await (is("open") ? over() : trying);
      if (!is("half-open")) return () => {};
      const { promise, resolve } = Promise.withResolvers<void>();
      trying = promise;
      return () => {
        trying = undefined;
        resolve();
      };
    },
  };
}
