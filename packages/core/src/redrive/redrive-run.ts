import type { FailureFilter } from "../failure/failure-filter.ts";

/** What a plan says of one message. */
export type Verdict =
  | "safe"
  /** Its effect is there: the consumer's claim on it is done, or it is no longer where the run looks for it. */
  | "already-done"
  /** An older message of its group has failed too, and is neither over nor sent before it. */
  | "in-quarantine"
  /** A newer message of its group has had its effect. */
  | "overtaken"
  | "too-young"
  | "heals-exhausted"
  /** SQS would refuse it as it is: it has no room for Reliq's attribute. */
  | "unsendable"
  | "schema-invalid";

/** How a run goes about its messages. */
export interface RunOptions {
  /** Messages of a run; the oldest are taken. 1 to 1,000. @default 1000 */
  readonly maxMessages: number;
  /** The most messages sent a second; fewer where the consumer fails or its queue is old. Over 0, at most 25. @default 10 */
  readonly ratePerSecond: number;
  /** Each message waits a random time up to this before it is visible; 0 to 900; standard queues. @default 0 */
  readonly jitterSeconds: number;
  /** Younger failures are left out, seconds since their last death. @default 0 */
  readonly minAgeSeconds: number;
  /** Messages that were healed so often are left out. @default 3 */
  readonly maxHeals: number;
  /** The older the queue's oldest message, the slower; nothing is sent while it is so old, seconds. @default 600 */
  readonly maxQueueAgeSeconds: number;
  /** How many are sent in each step before their outcomes are waited for; the last is repeated. Each 1 to 500. @default [1, 5, 25, 100] */
  readonly ramp: readonly number[];
}

/** Where a run stands. */
export type RunState =
  /** Its entries are being written; nothing is sent yet. */
  | "planning"
  | "running"
  | "paused"
  /** By itself, because a message died again. */
  | "stopped"
  | "cancelled"
  | "done";

/** A redrive of a queue's held messages, or a replay of its archived ones. */
export interface RedriveRun {
  readonly id: string;
  readonly kind: "redrive" | "replay";
  readonly state: RunState;
  /** Grows by one with each change: of two that step one version, one does. */
  readonly version: number;
  readonly queue: string;
  readonly filter: Omit<FailureFilter, "queue">;
  readonly options: RunOptions;
  readonly by: string;
  /** Milliseconds since the Unix epoch, as all times. */
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** Entries of its plan. */
  readonly planned: number;
  /** Where in the ramp it is; and the position before which every entry is over. */
  readonly step: number;
  readonly from: number;
  /** Of its entries: each is skipped, or sent and then resolved or relapsed, or still to come. */
  readonly sent: number;
  readonly resolved: number;
  readonly relapsed: number;
  readonly skipped: number;
  /** When it goes on, while it has something to wait for. */
  readonly wakeAtMs?: number;
  /** Why nothing is sent for the moment. */
  readonly waitingBecause?: string;
  /** Why it stopped. */
  readonly stoppedBecause?: string;
}

/** One message of a run. It changes only together with its run. */
export interface RunEntry {
  readonly run: string;
  /** Its place in the plan, from 0: the order in which messages are sent. */
  readonly position: number;
  readonly failure: string;
  readonly fingerprint: string;
  /** FIFO queues. */
  readonly messageGroup?: string;
  readonly verdict: Verdict;
  /** In words, with the value that decided. */
  readonly because: string;
  readonly state: "planned" | "sent" | "resolved" | "relapsed" | "skipped";
  /** Once it is sent: in which step. */
  readonly step?: number;
}

/** Which run a queue has: one at a time. */
export interface QueueRun {
  readonly queue: string;
  /** Grows by one with each change. */
  readonly version: number;
  /** None once it has ended. */
  readonly run?: string;
}
