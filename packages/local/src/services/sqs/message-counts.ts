import type { Store } from "../../kernel/store.ts";
import { expireMessages } from "./message.ts";
import type { Queue } from "./queue.ts";

/** The messages that a queue holds, each in exactly one of the three. */
export interface MessageCounts {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** Counts a queue's messages, in a transaction of the caller's. */
export function countMessages(store: Store, queue: Queue, nowMs: number): MessageCounts {
  expireMessages(store, queue, nowMs);
  const { waiting } = store
    .statement("SELECT count(*) AS waiting FROM sqs_message WHERE queueId = ? AND visibleAt <= ?")
    .get(queue.id, nowMs) as { waiting: number };
  const { hidden, inFlight } = store
    .statement(
      "SELECT count(*) AS hidden, count(receivedAt) AS inFlight FROM sqs_message WHERE queueId = ? AND visibleAt > ?",
    )
    .get(queue.id, nowMs) as { hidden: number; inFlight: number };
  return { waiting, inFlight, delayed: hidden - inFlight };
}
