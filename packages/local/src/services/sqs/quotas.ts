import type { Store } from "../../kernel/store.ts";
import { liveMessages, type Queue } from "./queue.ts";

/** The most messages of a queue in flight, and the first messages that a FIFO queue looks at (SQS quotas). */
export const MOST_IN_FLIGHT = 120_000;

/**
 * How near the queues are to the limits that take counting. A count is kept until it may have been used up: messages that
 * left since only make more room, so an old count never lets too much through, and no receive has to count a full queue.
 */
export interface Quotas {
  /** How many more messages may be in flight, at least until the limit is reached. */
  room(queue: Queue, nowMs: number): number;
  /** Notes that messages were taken. */
  took(queueId: number, messages: number): void;
  /** The sequence number before which a FIFO queue looks for groups; an old one is never too late. */
  windowEnd(queue: Queue, anew: boolean): number;
}

export function createQuotas(store: Store): Quotas {
  const rooms = new Map<number, number>();
  const windowEnds = new Map<number, number>();
  return {
    room: (queue, nowMs) => {
      if (liveMessages(queue) < MOST_IN_FLIGHT) {
        rooms.delete(queue.id);
        return MOST_IN_FLIGHT;
      }
      const known = rooms.get(queue.id) ?? 0;
      const room = known > 0 ? known : MOST_IN_FLIGHT - countInFlight(store, queue, nowMs);
      rooms.set(queue.id, room);
      return room;
    },
    took: (queueId, messages) => {
      const room = rooms.get(queueId);
      if (room !== undefined) rooms.set(queueId, room - messages);
    },
    windowEnd: (queue, anew) => {
      if (liveMessages(queue) <= MOST_IN_FLIGHT) return Number.MAX_SAFE_INTEGER;
      const known = anew ? undefined : windowEnds.get(queue.id);
      const end = known ?? findWindowEnd(store, queue);
      windowEnds.set(queue.id, end);
      return end;
    },
  };
}

function countInFlight(store: Store, queue: Queue, nowMs: number): number {
  const { messages } = store
    .statement(
      "SELECT count(*) AS messages FROM sqs_message WHERE queueId = ? AND visibleAt > ? AND receivedAt IS NOT NULL",
    )
    .get(queue.id, nowMs) as { messages: number };
  return messages;
}

function findWindowEnd(store: Store, queue: Queue): number {
  const row = store
    .statement(
      "SELECT seq FROM sqs_message INDEXED BY sqs_message_enqueued WHERE queueId = ? ORDER BY enqueuedAt, seq LIMIT 1 OFFSET ?",
    )
    .get(queue.id, MOST_IN_FLIGHT) as { seq: number } | undefined;
  return row?.seq ?? Number.MAX_SAFE_INTEGER;
}
