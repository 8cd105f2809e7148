import { availableParallelism } from "node:os";

/** How much the newest time counts in what is expected, so that a few invocations tell how busy a function is now. */
const NEWEST_SHARE = 0.2;

/** A function that takes at least so long each time, ms, mostly waits for others: its invocations run side by side at once, as on AWS. */
const SHORT_MS = 100;

/** The longest that an invocation waits for a warm environment before another one starts for it, ms, however slow starts have become. */
const LONGEST_PATIENCE_MS = 2_000;

/** How many may start for a function of which nothing is known, or on a machine that has no time left, without waiting for the others. */
const FREELY = availableParallelism();

/** How long a function's environments take to start and to run an invocation, as far as it was seen. */
export interface Pace {
  started(ms: number): void;
  /** `isFirst`: of its environment, which gets its code compiled meanwhile. */
  ran(ms: number, isFirst: boolean): void;
  /**
   * How long an invocation waits for one of so many warm environments: no longer than another would take to start, and where none was short, not at all.
   * Where the machine has no time left, one more only takes it from the others: then as long as anybody waits at all.
   */
  patienceMs(environments: number, isBusy: boolean): number;
  /** Whether so many that wait would wait longer for so many environments than this. */
  needsMore(waiting: number, environments: number, patienceMs: number): boolean;
}

/** Starts to watch a function; until something is known of it, whoever waits needs one more. */
export function createPace(): Pace {
  let startMs: number | undefined;
  let runMs: number | undefined;
  let shortestMs: number | undefined;
  return {
    started: (ms) => {
      startMs = expected(startMs, ms);
    },
    ran: (ms, isFirst) => {
      runMs = expected(runMs, ms);
      if (!isFirst || ms < SHORT_MS) shortestMs = Math.min(shortestMs ?? ms, ms);
    },
    patienceMs: (environments, isBusy) => {
      if (shortestMs === undefined && environments < FREELY) return 0;
      if (shortestMs !== undefined && shortestMs >= SHORT_MS) return 0;
      return isBusy && environments >= FREELY ? LONGEST_PATIENCE_MS : Math.min(startMs ?? 0, LONGEST_PATIENCE_MS);
    },
    needsMore: (waiting, environments, patienceMs) => {
      if (environments === 0 || runMs === undefined) return true;
      return (waiting * runMs) / environments > patienceMs;
    },
  };
}

function expected(before: number | undefined, ms: number): number {
  return before === undefined ? ms : before + NEWEST_SHARE * (ms - before);
}
