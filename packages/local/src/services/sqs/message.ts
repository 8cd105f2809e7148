import { randomUUID } from "node:crypto";
import type { Store } from "../../kernel/store.ts";
import { findDuplicate, rememberSend } from "./deduplication.ts";
import { keepEnds } from "./ends.ts";
import { openGroup, refreshGroup } from "./fifo-group.ts";
import type { Outgoing } from "./outgoing.ts";
import { count, numberAttribute, type Queue } from "./queue.ts";

/** A message in its table; times are milliseconds since the epoch. */
export interface MessageRow {
  readonly seq: number;
  readonly queueId: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  /** The last receive in this queue; null where there was none. */
  readonly receivedAt: number | null;
  readonly firstReceivedAt: number | null;
  /** What retention counts from. */
  readonly enqueuedAt: number;
  readonly sentAt: number;
  readonly messageId: string;
  readonly groupId: string | null;
  readonly deduplicationId: string | null;
  /** The queue that it died in, where it is in a dead-letter queue. */
  readonly deadLetterSource: string | null;
  readonly traceHeader: string | null;
  readonly bodyMd5: string;
  readonly attributes: string | null;
  readonly body: string;
}

/** What became of a send. */
export interface Sent {
  readonly messageId: string;
  readonly seq: number;
  /** False for a repeat within the deduplication interval: it is the first one's answer. */
  readonly accepted: boolean;
}

/** Puts a message into a queue, in a transaction of the caller's, who counts what was accepted. */
export function enqueue(store: Store, queue: Queue, outgoing: Outgoing, nowMs: number): Sent {
  const repeated = queue.fifo ? findDuplicate(store, queue, outgoing, nowMs) : undefined;
  if (repeated) return { ...repeated, accepted: false };
  const messageId = randomUUID();
  const visibleAt = nowMs + outgoing.delaySeconds * 1_000;
  const { lastInsertRowid } = store
    .statement(
      `INSERT INTO sqs_message (queueId, visibleAt, enqueuedAt, sentAt, messageId, groupId, deduplicationId, traceHeader, bodyMd5, attributes, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      queue.id,
      visibleAt,
      nowMs,
      nowMs,
      messageId,
      outgoing.groupId ?? null,
      outgoing.deduplicationId ?? null,
      outgoing.traceHeader ?? null,
      outgoing.bodyMd5,
      outgoing.attributes ? JSON.stringify(outgoing.attributes) : null,
      outgoing.body,
    );
  const sent = { messageId, seq: Number(lastInsertRowid), accepted: true };
  if (queue.fifo) {
    openGroup(store, queue.id, outgoing.groupId ?? "", sent.seq, visibleAt);
    rememberSend(store, queue, outgoing, sent, nowMs);
  }
  return sent;
}

/** How a message changes when it moves to another queue. */
export interface Move {
  readonly messageId: string;
  readonly receiveCount: number;
  readonly firstReceivedAt: number | null;
  readonly enqueuedAt: number;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly deadLetterSource: string | null;
}

/** Moves a message, in a transaction of the caller's: it takes its place behind what the target already has. */
export function moveMessage(store: Store, row: MessageRow, source: Queue, target: Queue, move: Move): void {
  const { lastInsertRowid } = store
    .statement(
      `INSERT INTO sqs_message (queueId, visibleAt, receiveCount, firstReceivedAt, enqueuedAt, sentAt, messageId, groupId,
         deduplicationId, deadLetterSource, traceHeader, bodyMd5, attributes, body)
       SELECT ?, ?, ?, ?, ?, ?, ?, groupId, deduplicationId, ?, traceHeader, bodyMd5, attributes, body
       FROM sqs_message WHERE seq = ?`,
    )
    .run(
      target.id,
      move.visibleAt,
      move.receiveCount,
      move.firstReceivedAt,
      move.enqueuedAt,
      move.sentAt,
      move.messageId,
      move.deadLetterSource,
      row.seq,
    );
  store.statement("DELETE FROM sqs_message WHERE seq = ?").run(row.seq);
  count(store, source.id, "movedOut", 1);
  count(store, target.id, "movedIn", 1);
  if (source.fifo) refreshGroup(store, source.id, row.groupId ?? "", 0);
  if (target.fifo) openGroup(store, target.id, row.groupId ?? "", Number(lastInsertRowid), move.visibleAt);
}

/**
 * Deletes what a queue has kept for longer than its retention, in a transaction of the caller's. Every action that looks at
 * messages calls it first, so that an expired message is never seen.
 */
export function expireMessages(store: Store, queue: Queue, nowMs: number): void {
  const latest = nowMs - numberAttribute(queue, "MessageRetentionPeriod") * 1_000;
  const isDue = store.statement("SELECT 1 FROM sqs_message WHERE queueId = ? AND enqueuedAt <= ? LIMIT 1");
  if (!isDue.get(queue.id, latest)) return;
  keepEnds(store, "expired", queue.id, latest, nowMs);
  const expired = store
    .statement("DELETE FROM sqs_message WHERE queueId = ? AND enqueuedAt <= ? RETURNING groupId")
    .all(queue.id, latest) as { groupId: string }[];
  count(store, queue.id, "expired", expired.length);
  if (!queue.fifo) return;
  for (const groupId of new Set(expired.map((each) => each.groupId))) refreshGroup(store, queue.id, groupId, nowMs);
}

/** The sequence number of a FIFO message: 20 digits, larger for each later one. */
export function sequenceNumber(seq: number): string {
  return `1${String(seq).padStart(19, "0")}`;
}
