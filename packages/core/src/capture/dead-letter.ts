import type { CauseOfDeath } from "../classify/cause-of-death.ts";
import type { GroupedReason } from "../classify/failure-reason.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureGroup } from "../failure/failure-group.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";
import type { ReceivedMessage } from "../message/received-message.ts";

/** A message as a dead-letter queue gave it. */
export interface DeadLetter {
  readonly message: ReceivedMessage;
  /** The queue that it died on, by name. */
  readonly queue: string;
  /** That queue's settings, where they are known. */
  readonly maxReceiveCount?: number;
  readonly visibilitySeconds?: number;
}

/** Why a dead letter died. */
export interface ExplainedLetter {
  readonly letter: DeadLetter;
  readonly lineage: string;
  /** How often Reliq had sent it again, by its envelope. */
  readonly sends: number;
  readonly heals: number;
  readonly attempts: readonly JournalEntry[];
  readonly cause: CauseOfDeath;
  readonly evidence: string;
  readonly inferred: boolean;
  readonly reason: GroupedReason;
}

/** What is known of a dead letter before it is decided. */
export interface KnownLetter {
  readonly explained: ExplainedLetter;
  /** Its record so far. */
  readonly before: FailedMessage | undefined;
  /** Its group so far. */
  readonly group: FailureGroup | undefined;
}

/** How the capture of a dead letter ended; all but `again` let the dead-letter queue delete it. */
export type Captured =
  | { readonly kind: "captured"; readonly failure: FailedMessage }
  /** A copy of a death that is known already. */
  | { readonly kind: "copy"; readonly failure: FailedMessage }
  /** It has not failed: its group waits for a message before it, and it with it. */
  | { readonly kind: "set-aside" }
  /** Others were at its record at the same time, or its twin comes first: it comes back. */
  | { readonly kind: "again"; readonly because: string };
