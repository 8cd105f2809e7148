import type { FailureReason } from "../classify/failure-reason.ts";
import type { DeferralCause } from "../message/outcome.ts";

/** One failed attempt of a message, or a last receive that came to no attempt, with its reason. */
export interface JournalEntry {
  readonly queue: string;
  readonly messageId: string;
  /** Which receive of the message this attempt was, from 1. With queue and messageId it is the entry's key: recorded twice, it is there once. */
  readonly receiveCount: number;
  readonly consumer: string;
  /** Milliseconds since the Unix epoch. */
  readonly sentAtMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly failedAtMs: number;
  readonly reason: FailureReason;
  /**
   * Whether the message's next stop is the dead-letter queue, as far as this attempt knew: where a fail-fast copy could not
   * be sent, the queue delivers the message again and further attempts follow.
   */
  readonly final: boolean;
  /** Present where the message did not fail but was deferred: at its last receive, or because another attempt had overtaken this one. */
  readonly deferral?: DeferralCause;
  /** FIFO queues: the message's place in its group on its queue; SQS does not say that a dead-letter queue keeps it. */
  readonly sequenceNumber?: string | undefined;
  /** The invocation in whose log to look (Lambda's request id), where there is one. */
  readonly requestId?: string | undefined;
  /** Where that log is. */
  readonly logGroup?: string | undefined;
  readonly logStream?: string | undefined;
  /** The consumer's version, where it has one. */
  readonly consumerVersion?: string | undefined;
}
