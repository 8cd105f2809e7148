/** How much the newest time counts in what is expected, so that a few invocations tell how busy a function is now. */
const NEWEST_SHARE = 0.2;

/** A function that takes at least so long each time, ms, mostly waits for others: its invocations run side by side at once, as on AWS. */
const SHORT_MS = 100;

/** The longest that an invocation waits for a warm environment before another one starts for it, ms, however slow starts have become. */
const LONGEST_PATIENCE_MS = 2_000;

/** How long a function's environments take to start and to run an invocation, as far as it was seen. */
export interface Pace {
  started(ms: number): void;
  ran(ms: number): void;
  /** How long an invocation waits for a warm environment: no longer than another would take to start; 0 before any has, and where none was short. */
  patienceMs(): number;
  /** Whether so many that wait would wait longer for so many environments than one more takes to start. */
  needsMore(waiting: number, environments: number): boolean;
}

/** Starts to watch a function; until something is known of it, whoever waits needs one more. */
export function createPace(): Pace {
  let startMs: number | undefined;
  let runMs: number | undefined;
  let shortestMs = Number.POSITIVE_INFINITY;
  const patienceMs = (): number => (shortestMs < SHORT_MS ? Math.min(startMs ?? 0, LONGEST_PATIENCE_MS) : 0);
  return {
    started: (ms) => {
      startMs = expected(startMs, ms);
    },
    ran: (ms) => {
      runMs = expected(runMs, ms);
      shortestMs = Math.min(shortestMs, ms);
    },
    patienceMs,
    needsMore: (waiting, environments) => {
      if (environments === 0 || runMs === undefined) return true;
      return (waiting * runMs) / environments > patienceMs();
    },
  };
}

function expected(before: number | undefined, ms: number): number {
  return before === undefined ? ms : before + NEWEST_SHARE * (ms - before);
}
