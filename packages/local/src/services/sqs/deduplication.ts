import type { Store } from "../../kernel/store.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Queue } from "./queue.ts";

/** How long a FIFO queue remembers a send, also after the delete, milliseconds (5 minutes; developer guide, "Exactly-once processing"). */
const DEDUPLICATION_INTERVAL_MS = 300_000;

interface First {
  readonly messageId: string;
  readonly seq: number;
}

/** The earlier message of which this one is a repeat, in the queue or in its group by the queue's scope. */
export function findDuplicate(store: Store, queue: Queue, outgoing: Outgoing, nowMs: number): First | undefined {
  store.statement("DELETE FROM sqs_deduplication WHERE endsAt <= ?").run(nowMs);
  return store
    .statement("SELECT messageId, seq FROM sqs_deduplication WHERE queueId = ? AND scope = ? AND deduplicationId = ?")
    .get(queue.id, scopeOf(queue, outgoing), outgoing.deduplicationId ?? "") as First | undefined;
}

/** Remembers a send for the deduplication interval. */
export function rememberSend(store: Store, queue: Queue, outgoing: Outgoing, sent: First, nowMs: number): void {
  store
    .statement(
      "INSERT INTO sqs_deduplication (queueId, scope, deduplicationId, messageId, seq, endsAt) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(
      queue.id,
      scopeOf(queue, outgoing),
      outgoing.deduplicationId ?? "",
      sent.messageId,
      sent.seq,
      nowMs + DEDUPLICATION_INTERVAL_MS,
    );
}

/** Group ids are never empty, so the empty text is the whole queue. */
function scopeOf(queue: Queue, outgoing: Outgoing): string {
  return queue.attributes["DeduplicationScope"] === "messageGroup" ? (outgoing.groupId ?? "") : "";
}
