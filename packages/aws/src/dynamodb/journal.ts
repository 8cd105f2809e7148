import {
  type AttributeValue,
  BatchWriteItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type Journal, type JournalEntry, ReliqError } from "@reliq/core";

/** How long an entry is kept, seconds: 30 days, twice the longest that a queue keeps a message. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** The most items in one BatchWriteItem (DynamoDB API reference). */
const MOST_WRITES = 25;

/** How often items are tried that DynamoDB left unprocessed; the last wait is 800 ms. */
const MOST_TRIES = 6;

/** What names an item of the index `by-queue`. */
const PAGE_KEYS = ["pk", "sk", "queueDay", "failedAt"];

type Item = Record<string, AttributeValue>;

/**
 * The journal in a DynamoDB table (construct `Journal`): one item an attempt, its key made of queue, message and receive, so
 * that an attempt recorded twice is one item. The index `by-queue` lists a queue's failures by day.
 */
export function dynamodbJournal(client: DynamoDBClient, tableName: string, now: () => number = Date.now): Journal {
  // DynamoDB deletes an expired item up to days late: until then it is as good as absent.
  const unexpired = (): { ":now": AttributeValue } => ({ ":now": { N: String(Math.floor(now() / 1000)) } });
  return {
    record: async (entries) => {
      const items = new Map(entries.map((entry) => [journalKey(entry), toItem(entry)]));
      const requests = [...items.values()].map((Item) => ({ PutRequest: { Item } }));
      for (let start = 0; start < requests.length; start += MOST_WRITES) {
        await writeAll(client, tableName, requests.slice(start, start + MOST_WRITES));
      }
    },
    attempts: async (queue, messageId) => {
      const entries: JournalEntry[] = [];
      let next: Item | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: tableName,
            ConsistentRead: true,
            KeyConditionExpression: "pk = :pk",
            FilterExpression: "expiresAt > :now",
            ExpressionAttributeValues: { ":pk": { S: partition(queue, messageId) }, ...unexpired() },
            ExclusiveStartKey: next,
          }),
        );
        entries.push(...(page.Items ?? []).map(toEntry));
        next = page.LastEvaluatedKey;
      } while (next);
      return entries;
    },
    failures: async (queue, day, { limit = 100, after } = {}) => {
      const page = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "by-queue",
          KeyConditionExpression: "queueDay = :queueDay",
          FilterExpression: "expiresAt > :now",
          ExpressionAttributeValues: { ":queueDay": { S: `${queue}#${day}` }, ...unexpired() },
          ScanIndexForward: false,
          Limit: limit,
          ExclusiveStartKey: after === undefined ? undefined : readToken(after),
        }),
      );
      const entries = (page.Items ?? []).map(toEntry);
      return page.LastEvaluatedKey ? { entries, next: writeToken(page.LastEvaluatedKey) } : { entries };
    },
  };
}

async function writeAll(client: DynamoDBClient, tableName: string, requests: readonly WriteRequest[]): Promise<void> {
  let left = [...requests];
  for (let tries = 1; left.length > 0; tries++) {
    const { UnprocessedItems } = await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: left } }));
    left = UnprocessedItems?.[tableName] ?? [];
    if (left.length > 0 && tries === MOST_TRIES) {
      throw new ReliqError("journal-throttled", `The table ${tableName} left ${left.length} entries unwritten.`, {
        retryable: true,
      });
    }
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * 2 ** (tries - 1)));
  }
}

function toItem(entry: JournalEntry): Item {
  const failedAt = new Date(entry.failedAtMs).toISOString();
  return marshall(
    {
      pk: partition(entry.queue, entry.messageId),
      sk: sortKey(entry.receiveCount),
      queueDay: `${entry.queue}#${failedAt.slice(0, 10)}`,
      failedAt: `${failedAt}#${entry.messageId}#${sortKey(entry.receiveCount)}`,
      expiresAt: Math.floor(entry.failedAtMs / 1000) + KEPT_SECONDS,
      ...entry,
    },
    { removeUndefinedValues: true },
  );
}

function toEntry(item: Item): JournalEntry {
  const { pk, sk, queueDay, failedAt, expiresAt, ...entry } = unmarshall(item);
  return entry as JournalEntry;
}

function journalKey({ queue, messageId, receiveCount }: JournalEntry): string {
  return `${partition(queue, messageId)}#${sortKey(receiveCount)}`;
}

function partition(queue: string, messageId: string): string {
  return `message#${queue}#${messageId}`;
}

/** Receive counts have at most four digits: a queue allows at most 1,000. */
function sortKey(receiveCount: number): string {
  return `attempt#${String(receiveCount).padStart(6, "0")}`;
}

function writeToken(key: Item): string {
  return Buffer.from(JSON.stringify(unmarshall(key))).toString("base64url");
}

/** @throws ReliqError `page-token` for a text that `writeToken` did not make. */
function readToken(token: string): Item {
  const key = parseToken(token);
  if (key && PAGE_KEYS.every((name) => typeof key[name] === "string")) return marshall(key);
  const given = JSON.stringify(token.slice(0, 100));
  throw new ReliqError("page-token", `${given} is not the \`next\` of a page of failures.`);
}

function parseToken(token: string): Record<string, unknown> | null {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
