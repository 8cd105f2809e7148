import { ReliqError } from "../errors.ts";

/** How long a failed message waits before its next attempt. */
export interface Backoff {
  /** Seconds, from which receive failed (from 1) and a random number from 0 to 1. */
  readonly delaySeconds: (receiveCount: number, random: number) => number;
}

interface ExponentialOptions {
  /** The wait after the first failure, before jitter. @default 2 */
  readonly baseSeconds?: number;
  /** The longest wait; at most 43,200, the longest visibility timeout. @default 300 */
  readonly capSeconds?: number;
  /** `full`: anywhere from 0 to the wait, so that messages that failed together do not come back together. @default "full" */
  readonly jitter?: "full" | "none";
}

/** The longest visibility timeout (SQS developer guide, "Amazon SQS visibility timeout"). */
export const LONGEST_VISIBILITY_SECONDS = 43_200;

/**
 * Exponential backoff with full jitter: base · 2ⁿ up to a cap, times a random number (AWS Architecture Blog, "Exponential
 * Backoff And Jitter").
 * @throws ReliqError `backoff-option` that names the option and what it takes.
 */
export function exponential(options: ExponentialOptions = {}): Backoff {
  const { baseSeconds = 2, capSeconds = 300, jitter = "full" } = options;
  refuse(!(baseSeconds > 0), `baseSeconds is ${baseSeconds}; it takes a number over 0`);
  const capFits = capSeconds >= baseSeconds && capSeconds <= LONGEST_VISIBILITY_SECONDS;
  refuse(
    !capFits,
    `capSeconds is ${capSeconds}; it takes baseSeconds (${baseSeconds}) to ${LONGEST_VISIBILITY_SECONDS}`,
  );
  refuse(jitter !== "full" && jitter !== "none", `jitter is ${JSON.stringify(jitter)}; it takes "full" or "none"`);
  return {
    delaySeconds: (receiveCount, random) => {
      const delay = Math.min(capSeconds, baseSeconds * 2 ** (receiveCount - 1));
      return Math.round(jitter === "full" ? delay * random : delay);
    },
  };
}

function refuse(wrong: boolean, what: string): void {
  if (wrong) throw new ReliqError("backoff-option", `exponential(): ${what}.`);
}
