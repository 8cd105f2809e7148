import type { World } from "../../../kernel/service.ts";
import { sleep } from "./sleep.ts";

/** A wait for what others write: where nothing is written, nothing has to be looked at. */
export interface Commits {
  /**
   * Resolves, not before `fromMs`, once something has been committed since the last call resolved; at `untilMs` in any case, if
   * given, and as soon as the signal is aborted.
   */
  next(fromMs: number, untilMs: number | undefined, signal: AbortSignal): Promise<void>;
  unwatch(): void;
}

export function watchCommits({ store, clock }: World): Commits {
  let committed = false;
  let wake = new AbortController();
  const unwatch = store.onCommit(() => {
    committed = true;
    wake.abort();
  });
  return {
    next: async (fromMs, untilMs, signal) => {
      await sleep(clock, fromMs, signal);
      wake = new AbortController();
      if (!committed) await sleep(clock, untilMs, AbortSignal.any([signal, wake.signal]));
      committed = false;
    },
    unwatch,
  };
}
