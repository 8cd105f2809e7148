import type { FailureReason } from "./classify/failure-reason.ts";
import type { JournalEntry } from "./journal/journal-entry.ts";
import type { ReceivedMessage } from "./message/received-message.ts";

/** Where failed attempts are written down. */
export interface Journal {
  /** Records entries; an entry that is already there stays one entry. */
  record(entries: readonly JournalEntry[]): Promise<void>;
  /** The failed attempts of one message, in order of their receives. */
  attempts(queue: string, messageId: string): Promise<readonly JournalEntry[]>;
  /** The failed attempts of a queue on one day (UTC, `2026-01-31`), newest first. */
  failures(queue: string, day: string, options?: PageOptions): Promise<JournalPage>;
}

export interface PageOptions {
  /** At most 1,000; a page can hold fewer. @default 100 */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** Present where more may follow. */
  readonly next?: string;
}

/** A way straight to the dead-letter queue, for messages that can never succeed. */
export interface DeadLetters {
  /** Sends a copy of the message, body and attributes as they came, to its queue's dead-letter queue; resolves when it is durable there. */
  send(message: ReceivedMessage, reason: FailureReason): Promise<void>;
}

/** One line of the structured log. */
export interface LogLine {
  readonly level: "error" | "info" | "warn";
  /** What happened, a code of docs/path-of-a-message.md. */
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What `consume` works with; every deed goes through one of these. */
export interface ConsumePorts {
  readonly journal: Journal;
  readonly deadLetters?: DeadLetters;
  /** Must not throw: a line that cannot be written is no reason to fail a message. */
  readonly log: (line: LogLine) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}
