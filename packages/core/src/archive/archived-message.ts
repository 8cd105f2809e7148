import type { FailedMessage } from "../failure/failed-message.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";

/** An object of the archive: a failed message with all that is known of it. */
export interface ArchivedMessage {
  readonly v: 1;
  readonly failure: FailedMessage;
  /** Its journalled attempts, whole. */
  readonly attempts: readonly JournalEntry[];
  /** Milliseconds since the Unix epoch. */
  readonly archivedAtMs: number;
}
