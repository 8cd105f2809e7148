import { sleep } from "./sleep.ts";
import type { SourceGround } from "./source-kind.ts";

/** A wait for what others write: where nothing is written, nothing has to be looked at. */
export interface Commits {
  /**
   * Resolves, not before `fromMs`, once something has been committed since the last call resolved; at `untilMs` in any case, if
   * given, and as soon as the signal is aborted.
   */
  next(fromMs: number, untilMs: number | undefined, signal: AbortSignal): Promise<void>;
  unwatch(): void;
}

export function watchCommits({ world, activity }: SourceGround): Commits {
  const { store, clock } = world;
  let committed = false;
  let wake = new AbortController();
  const unwatch = store.onCommit(() => {
    committed = true;
    // Without a reason, each would be an error with its stack.
    wake.abort("committed");
  });
  return {
    next: async (fromMs, untilMs, signal) => {
      // Time must not jump over the expiry of what is committed and not read yet, or of what was read and gathers until then.
      const end = activity.begin("records of a stream that no function has been given yet");
      await sleep(clock, fromMs, signal);
      if (untilMs === undefined) end();
      wake = new AbortController();
      if (!committed) await sleep(clock, untilMs, AbortSignal.any([signal, wake.signal]));
      end();
      committed = false;
    },
    unwatch,
  };
}
