import type { FailureCategory } from "../classify/category.ts";
import type { CauseOfDeath } from "../classify/cause-of-death.ts";
import type { PageOptions } from "../ports.ts";
import type { FailedMessage, FailureState } from "./failed-message.ts";
import type { FailureGroup, GroupState } from "./failure-group.ts";

/** Which failed messages: all that is given holds. */
export interface FailureFilter {
  readonly queue?: string;
  readonly state?: FailureState;
  readonly category?: FailureCategory;
  readonly cause?: CauseOfDeath;
  readonly fingerprint?: string;
  readonly errorName?: string;
  /** FIFO queues. */
  readonly messageGroup?: string;
  /** Captured from then on, and before then; milliseconds since the Unix epoch. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** What a list shows of a failed message: all but its content, its attempts and its stack, which would make each index as large as the table. */
export interface FailureSummary
  extends Omit<FailedMessage, "body" | "bodyAt" | "attributes" | "attempts" | "changes" | "original" | "reason"> {
  readonly reason: Omit<FailedMessage["reason"], "stack">;
}

/** Newest first. A page can hold fewer than its limit, also none, and still have a `next`. */
export interface FailurePage {
  readonly failures: readonly FailureSummary[];
  readonly next?: string;
}

/** Which failure groups are wanted: those that fit every member that is there. */
export interface GroupFilter {
  readonly queue?: string;
  readonly state?: GroupState;
}

/** The group seen last comes first. */
export interface GroupPage {
  readonly groups: readonly FailureGroup[];
  readonly next?: string;
}

/** Which page of which failures to read. */
export interface FailureListOptions extends PageOptions {
  readonly filter?: FailureFilter;
}
