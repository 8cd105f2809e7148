import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { JournalEntry } from "@reliq/core";
import type { Item } from "./statements.ts";

/** How long an entry is kept, seconds: 30 days, twice the longest that a queue keeps a message. */
export const KEPT_SECONDS: number = 30 * 24 * 60 * 60;

/** The item of a failed attempt; its key is made of queue, message and receive. */
export function journalItem(entry: JournalEntry): Item {
  const failedAt = new Date(entry.failedAtMs).toISOString();
  return members({
    pk: journalPartition(entry.queue, entry.messageId),
    sk: sortKey(entry.receiveCount),
    queueDay: `${entry.queue}#${failedAt.slice(0, 10)}`,
    failedAt: `${failedAt}#${entry.messageId}#${sortKey(entry.receiveCount)}`,
    expiresAt: Math.floor(entry.failedAtMs / 1_000) + KEPT_SECONDS,
    ...entry,
  });
}

/** Names an attempt. */
export function journalKey({ queue, messageId, receiveCount }: JournalEntry): string {
  return `${journalPartition(queue, messageId)}#${sortKey(receiveCount)}`;
}

/** The partition with a message's attempts. */
export function journalPartition(queue: string, messageId: string): string {
  return `message#${queue}#${messageId}`;
}

/** An entry has texts, numbers, truth values and its reason: for those a consumer need not load `marshall`. */
function members(value: object): Item {
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(given.map(([name, each]) => [name, attribute(each)]));
}

function attribute(value: unknown): AttributeValue {
  switch (typeof value) {
    case "string":
      return { S: value };
    case "number":
      return { N: String(value) };
    case "boolean":
      return { BOOL: value };
    default:
      return { M: members(value as object) };
  }
}

/** Receive counts have at most four digits: a queue allows at most 1,000. */
function sortKey(receiveCount: number): string {
  return `attempt#${String(receiveCount).padStart(6, "0")}`;
}
