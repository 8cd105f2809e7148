import type { Store } from "../../kernel/store.ts";
import type { Receipt } from "./receipt.ts";

/** How a message ended that no receiver processed. */
export type EndKind = "deleted" | "expired" | "purged";

/** A message that is gone. */
export interface EndRow {
  readonly id: number;
  readonly kind: EndKind;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
  readonly messageId: string;
  /** The queue that it died in, where it was in a dead-letter queue. */
  readonly deadLetterSource: string | null;
  /** Its message attributes, JSON, where they are not too long to keep. */
  readonly attributes: string | null;
}

/** The most ends that the region keeps, of all queues; the oldest are forgotten. */
export const MOST_ENDS = 10_000;

/** The longest attributes that are kept, characters. */
const LONGEST_ATTRIBUTES = 4_096;

const COLUMNS = `messageId, deadLetterSource,
  CASE WHEN length(attributes) <= ${LONGEST_ATTRIBUTES} THEN attributes END`;

/** Keeps how a dead letter ended that is about to be deleted; other queues' deletes are what their consumers are for. */
export function keepDeletedLetter(store: Store, { seq, receiveCount }: Receipt, queueId: number, nowMs: number): void {
  const { changes } = store
    .statement(
      `INSERT INTO sqs_end (queueId, kind, endedAt, messageId, deadLetterSource, attributes)
       SELECT queueId, 'deleted', ?, ${COLUMNS} FROM sqs_message
       WHERE seq = ? AND queueId = ? AND receiveCount = ? AND (deadLetterSource IS NOT NULL OR attributes LIKE '%fail-fast%')`,
    )
    .run(nowMs, seq, queueId, receiveCount);
  if (Number(changes) > 0) forgetOldest(store);
}

/** Keeps how messages of a queue ended that are about to go all at once: those that came at `latest` or before. */
export function keepEnds(store: Store, kind: EndKind, queueId: number, latest: number, nowMs: number): void {
  store
    .statement(
      `INSERT INTO sqs_end (queueId, kind, endedAt, messageId, deadLetterSource, attributes)
       SELECT queueId, ?, ?, ${COLUMNS} FROM sqs_message WHERE queueId = ? AND enqueuedAt <= ?
       ORDER BY enqueuedAt DESC LIMIT ${MOST_ENDS}`,
    )
    .run(kind, nowMs, queueId, latest);
  forgetOldest(store);
}

/** The ends of a queue's messages before a place in the history, newest first. */
export function endsBefore(
  store: Store,
  queueId: number,
  kind: EndKind | undefined,
  before: number,
  limit: number,
): EndRow[] {
  return store
    .statement(
      "SELECT * FROM sqs_end WHERE queueId = ?1 AND id < ?2 AND (?3 IS NULL OR kind = ?3) ORDER BY id DESC LIMIT ?4",
    )
    .all(queueId, before, kind ?? null, limit) as unknown as EndRow[];
}

function forgetOldest(store: Store): void {
  store.statement(`DELETE FROM sqs_end WHERE id <= (SELECT max(id) FROM sqs_end) - ${MOST_ENDS}`).run();
}
