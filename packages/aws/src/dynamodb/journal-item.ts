import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { JournalEntry } from "@reliq/core";
import type { Item } from "./statements.ts";

/** How long an entry is kept, seconds: 30 days, twice the longest that a queue keeps a message. */
export const KEPT_SECONDS: number = 30 * 24 * 60 * 60;

/** The item of a failed attempt; its key is made of queue, message and receive. */
export function journalItem(entry: JournalEntry): Item {
  const failedAt = new Date(entry.failedAtMs).toISOString();
  return marshall(
    {
      pk: journalPartition(entry.queue, entry.messageId),
      sk: sortKey(entry.receiveCount),
      queueDay: `${entry.queue}#${failedAt.slice(0, 10)}`,
      failedAt: `${failedAt}#${entry.messageId}#${sortKey(entry.receiveCount)}`,
      expiresAt: Math.floor(entry.failedAtMs / 1_000) + KEPT_SECONDS,
      ...entry,
    },
    { removeUndefinedValues: true },
  );
}

/** The failed attempt of an item. */
export function readJournalItem(item: Item): JournalEntry {
  const { pk, sk, queueDay, failedAt, expiresAt, ...entry } = unmarshall(item);
  return entry as JournalEntry;
}

/** Names an attempt. */
export function journalKey({ queue, messageId, receiveCount }: JournalEntry): string {
  return `${journalPartition(queue, messageId)}#${sortKey(receiveCount)}`;
}

/** The partition with a message's attempts. */
export function journalPartition(queue: string, messageId: string): string {
  return `message#${queue}#${messageId}`;
}

/** Receive counts have at most four digits: a queue allows at most 1,000. */
function sortKey(receiveCount: number): string {
  return `attempt#${String(receiveCount).padStart(6, "0")}`;
}
