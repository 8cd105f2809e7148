import type { RunOptions } from "./redrive-run.ts";

/** How the consumer is doing. */
export interface ConsumerLoad {
  /** Attempts of the queue that failed in the last minute, as far as they are journalled. */
  readonly failures: number;
  /** Messages of the run that were resolved in this step. */
  readonly resolved: number;
  /** Messages of the queue that were processed in about a minute, where that is known. */
  readonly processed?: number;
  /** Of the queue's oldest message, where that is known. */
  readonly oldestAgeSeconds?: number;
}

/** How fast a run may send. */
export interface Pace {
  /** 0: nothing for now. */
  readonly ratePerSecond: number;
  /** Why it is slower than its option says. */
  readonly because?: string;
}

/** So few failures say nothing of a rate. */
const FEWEST_FAILURES = 5;

/** A rate under this share of the option is none. */
const LEAST_SHARE = 0.05;

/**
 * How fast a run may send: the option's rate while all is well, less the more of the consumer's attempts fail (none at half of
 * them), and less the older the queue is (none at its limit).
 */
export function paceOf(options: Pick<RunOptions, "maxQueueAgeSeconds" | "ratePerSecond">, load: ConsumerLoad): Pace {
  const { failures, resolved, processed = 0, oldestAgeSeconds = 0 } = load;
  const errorShare = failures < FEWEST_FAILURES ? 0 : failures / (failures + Math.max(resolved, processed));
  const byErrors = Math.max(0, 1 - 2 * errorShare);
  const byAge = Math.max(0, Math.min(1, 2 - (2 * oldestAgeSeconds) / options.maxQueueAgeSeconds));
  const share = byErrors * byAge;
  const ratePerSecond = share < LEAST_SHARE ? 0 : options.ratePerSecond * share;
  if (share === 1) return { ratePerSecond };
  const rest = load.processed === undefined ? "" : `, and ${processed} messages were processed`;
  const errors = `${failures} attempts of the queue failed in the last minute${rest}`;
  const age = `the queue's oldest message is ${oldestAgeSeconds} s old, of at most ${options.maxQueueAgeSeconds}`;
  return { ratePerSecond, because: byErrors <= byAge ? errors : age };
}
