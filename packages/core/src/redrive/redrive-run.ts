import type { FailureFilter } from "../failure/failure-filter.ts";

/** What a plan says of one message. */
export type Verdict =
  | "safe"
  /** Its effect is there: the consumer's claim on it is done, or it was resolved since. */
  | "already-done"
  /** Its message group is quarantined behind another one. */
  | "in-quarantine"
  /** A newer message of its group has had its effect. */
  | "overtaken"
  | "too-young"
  | "heals-exhausted"
  | "schema-invalid";

export interface RunOptions {
  /** @default 1000 */
  readonly maxMessages: number;
  /** The most messages sent a second. @default 10 */
  readonly ratePerSecond: number;
  /** Each message waits a random time up to this before it is visible; 0 to 900; standard queues. @default 0 */
  readonly jitterSeconds: number;
  /** Younger failures are left out, seconds since their capture. @default 0 */
  readonly minAgeSeconds: number;
  /** How many are sent in each step before their outcomes are waited for; the last is repeated. @default [1, 5, 25, 100] */
  readonly ramp: readonly number[];
}

export type RunState = "running" | "paused" | "stopped" | "cancelled" | "done";

/** A redrive of held messages, or a replay of archived ones. */
export interface RedriveRun {
  readonly id: string;
  readonly kind: "redrive" | "replay";
  readonly state: RunState;
  readonly version: number;
  readonly filter: FailureFilter;
  readonly options: RunOptions;
  readonly by: string;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** Where in the ramp it is: the step, and how many of the plan have been sent. */
  readonly step: number;
  readonly planned: number;
  readonly sent: number;
  readonly resolved: number;
  readonly relapsed: number;
  readonly skipped: number;
  /** Why it stopped. */
  readonly stoppedBecause?: string;
}

/** One message of a run. */
export interface RunEntry {
  readonly run: string;
  /** Its place in the plan, from 0: the order in which messages are sent. */
  readonly position: number;
  readonly failure: string;
  readonly fingerprint: string;
  readonly verdict: Verdict;
  /** In words, with the value that decided. */
  readonly because: string;
  readonly state: "planned" | "sent" | "resolved" | "relapsed" | "skipped";
}
