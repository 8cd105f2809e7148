import { checkOptions, type OptionChecks, ReliqError } from "@reliq/core";
import type { SharedBreakers } from "./shared-breaker.ts";

/** How calls to one service are kept from doing harm. Options with a default object are off where they are not given. */
export interface DownstreamOptions {
  /** How long one try may take; then its signal is aborted, and it has failed. @default 10 */
  readonly timeoutSeconds?: number;
  /** Tries again what failed. Only for calls that may happen twice: the answer to the first can be what was lost. @default one try */
  readonly retry?: RetryOptions;
  /** Stops calling a service that keeps failing. @default always calls */
  readonly breaker?: BreakerOptions;
  /** Limits the calls at once. @default no limit */
  readonly bulkhead?: BulkheadOptions;
  /**
   * Which errors say that the service is in trouble: they are tried again, and open the breaker. Others are the call's own, and are
   * thrown as they are. @default those that Reliq classifies as `dependency`, `timeout` or `throttled`
   */
  readonly isFailure?: (error: unknown) => boolean;
  /** Called at once when the breaker changes; must not throw. */
  readonly onChange?: (change: BreakerChange) => void;
}

/** Exponential backoff with full jitter. */
export interface RetryOptions {
  /** Tries after the first, 1 to 10. @default 2 */
  readonly retries?: number;
  /** The longest wait before the first of them. @default 0.1 */
  readonly baseSeconds?: number;
  /** The longest wait before any. @default 2 */
  readonly capSeconds?: number;
}

/** When the breaker opens: after failures in a row, or, for many calls at once, at a ratio of failures. */
export interface BreakerOptions {
  /** Opens after so many failures in a row. @default 5, where there is no `failureRatio` */
  readonly consecutiveFailures?: number;
  /** Opens when more than this part of the last `ofCalls` calls failed, over 0 and under 1. */
  readonly failureRatio?: number;
  /** With `failureRatio`: how many calls are counted, and needed. @default 20 */
  readonly ofCalls?: number;
  /** How long it stays open; then one call tries whether the service is back. @default 30 */
  readonly openSeconds?: number;
  /**
   * Tells other instances when it opens, and goes by what they tell: `dynamodbBreakers(client, table)` of `@reliq/aws`. An instance hears of it
   * within `askSeconds`; then each tries with one call whether the service is back. @default each instance learns by its own calls
   */
  readonly sharedBy?: SharedBreakers;
  /** With `sharedBy`: how often an instance asks, at most; one read each time. @default 5 */
  readonly askSeconds?: number;
}

/** How many calls may be at work. */
export interface BulkheadOptions {
  readonly concurrent: number;
  /** How many more may wait for their turn. @default 0 */
  readonly waiting?: number;
}

/** What the breaker lets through: everything, nothing, or one call that tries whether the service is back. */
export type BreakerState = "closed" | "open" | "half-open";

/** A change of a breaker. */
export interface BreakerChange {
  readonly downstream: string;
  readonly state: BreakerState;
}

type Check = (value: unknown) => string | undefined;

const LONGEST_SECONDS = 900;

const isSeconds = (value: unknown): boolean => typeof value === "number" && value > 0 && value <= LONGEST_SECONDS;
const seconds: Check = (value) =>
  value === undefined || isSeconds(value) ? undefined : `a number of seconds over 0, at most ${LONGEST_SECONDS}`;
const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
const whole =
  (least: number, most: number): Check =>
  (value) =>
    value === undefined || isWhole(value, least, most) ? undefined : `a whole number from ${least} to ${most}`;
const object =
  (example: string): Check =>
  (value) =>
    value === undefined || (typeof value === "object" && value !== null) ? undefined : example;
const callback: Check = (value) => (value === undefined || typeof value === "function" ? undefined : "a function");

const CHECKS: OptionChecks<DownstreamOptions> = {
  timeoutSeconds: seconds,
  retry: object("`{ retries: 2, baseSeconds: 0.1, capSeconds: 2 }`"),
  breaker: object("`{ consecutiveFailures: 5, openSeconds: 30 }`"),
  bulkhead: object("`{ concurrent: 10, waiting: 0 }`"),
  isFailure: callback,
  onChange: callback,
};

const RETRY_CHECKS: OptionChecks<RetryOptions> = {
  retries: whole(1, 10),
  baseSeconds: seconds,
  capSeconds: seconds,
};

const BREAKER_CHECKS: OptionChecks<BreakerOptions> = {
  consecutiveFailures: whole(1, 10_000),
  failureRatio: (value) =>
    value === undefined || (typeof value === "number" && value > 0 && value < 1)
      ? undefined
      : "a number over 0 and under 1",
  ofCalls: whole(1, 10_000),
  openSeconds: seconds,
  sharedBy: (value) =>
    value === undefined || (typeof value === "object" && value !== null && "openUntilMs" in value && "opened" in value)
      ? undefined
      : "`dynamodbBreakers(client, tableName)` of @reliq/aws",
  askSeconds: seconds,
};

const BULKHEAD_CHECKS: OptionChecks<BulkheadOptions> = {
  concurrent: (value) => (isWhole(value, 1, 10_000) ? undefined : "a whole number from 1 to 10000"),
  waiting: whole(0, 10_000),
};

/** @throws ReliqError `downstream-option` that names an unknown or wrong option, its value and what it takes. */
export function checkDownstream(name: string, options: DownstreamOptions): void {
  const call = `downstream(${JSON.stringify(name)})`;
  const code = "downstream-option";
  if (typeof name !== "string" || !/^[\w.-]{1,80}$/.test(name)) {
    throw new ReliqError(code, `${call}: a name is 1 to 80 letters, digits, '-', '_' or '.'.`);
  }
  checkOptions(call, code, options, CHECKS);
  const { retry, breaker, bulkhead } = options;
  if (retry) checkOptions(`${call} retry`, code, retry, RETRY_CHECKS);
  if (bulkhead) checkOptions(`${call} bulkhead`, code, bulkhead, BULKHEAD_CHECKS);
  if (!breaker) return;
  checkOptions(`${call} breaker`, code, breaker, BREAKER_CHECKS);
  const { failureRatio, ofCalls, consecutiveFailures, sharedBy, askSeconds } = breaker;
  if (askSeconds !== undefined && !sharedBy) {
    throw new ReliqError(code, `${call} breaker: \`askSeconds\` says how often \`sharedBy\` is asked; give that too.`);
  }
  if (failureRatio === undefined ? ofCalls !== undefined : consecutiveFailures !== undefined) {
    throw new ReliqError(code, `${call} breaker: give \`consecutiveFailures\`, or \`failureRatio\` with \`ofCalls\`.`);
  }
}
