import { checkOptions, type OptionChecks } from "../check-options.ts";
import { ReliqError } from "../errors.ts";
import type { FailureFilter } from "../failure/failure-filter.ts";
import { isFifo } from "../order/is-fifo.ts";
import type { RedriveRun, RunOptions } from "./redrive-run.ts";

/** What a run does where its options do not say. */
export const RUN_DEFAULTS: RunOptions = {
  maxMessages: 1_000,
  ratePerSecond: 10,
  jitterSeconds: 0,
  minAgeSeconds: 0,
  maxHeals: 3,
  maxQueueAgeSeconds: 600,
  ramp: [1, 5, 25, 100],
};

/** Where each kind of run finds its messages. */
export const RUN_STATE: Readonly<Record<RedriveRun["kind"], "archived" | "held">> = {
  redrive: "held",
  replay: "archived",
};

/** Which messages a run takes, of one queue. */
export interface RunFilter extends Omit<FailureFilter, "queue" | "state"> {
  readonly queue: string;
}

/**
 * Completes and checks what a run is asked for.
 * @throws ReliqError `run-option` or `run-filter` that names what is wrong, its value and what it takes.
 */
export function checkRun(kind: RedriveRun["kind"], filter: RunFilter, options: Partial<RunOptions>): RunOptions {
  checkOptions(`${kind}({ filter })`, "run-filter", filter, FILTER_CHECKS);
  const complete = { ...RUN_DEFAULTS, ...options };
  checkOptions(`${kind}()`, "run-option", complete, OPTION_CHECKS);
  if (isFifo(filter.queue) && complete.jitterSeconds > 0) {
    const why = "SQS takes no delay of one message on a FIFO queue; leave it out.";
    throw new ReliqError(
      "run-option",
      `${kind}(): option \`jitterSeconds\` is ${complete.jitterSeconds}, and ${filter.queue} is a FIFO queue: ${why}`,
    );
  }
  return complete;
}

const OPTION_CHECKS: OptionChecks<RunOptions> = {
  maxMessages: (value) => takesWhole(value, 1, 1_000),
  ratePerSecond: (value) =>
    typeof value === "number" && value > 0 && value <= 25 ? undefined : "a number over 0, at most 25",
  jitterSeconds: (value) => takesWhole(value, 0, 900),
  minAgeSeconds: (value) => takesWhole(value, 0, 31_622_400),
  maxHeals: (value) => takesWhole(value, 0, 1_000_000),
  maxQueueAgeSeconds: (value) => takesWhole(value, 1, 1_209_600),
  ramp: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((step) => takesWhole(step, 1, 500) === undefined)
      ? undefined
      : "a list of whole numbers from 1 to 500, such as [1, 5, 25, 100]",
};

const FILTER_CHECKS: OptionChecks<RunFilter> = {
  queue: (value) => (typeof value === "string" && value !== "" ? undefined : "the name of one queue"),
  category: takesText,
  cause: takesText,
  fingerprint: takesText,
  errorName: takesText,
  messageGroup: takesText,
  fromMs: takesTime,
  toMs: takesTime,
};

function takesWhole(value: unknown, least: number, most: number): string | undefined {
  const fits = Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  return fits ? undefined : `a whole number from ${least} to ${most}`;
}

function takesText(value: unknown): string | undefined {
  return value === undefined || (typeof value === "string" && value !== "") ? undefined : "a text";
}

function takesTime(value: unknown): string | undefined {
  return value === undefined || Number.isFinite(value) ? undefined : "milliseconds since the Unix epoch";
}
