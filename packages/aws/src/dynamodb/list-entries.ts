import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { type JournalEntry, type JournalPage, type PageOptions, ReliqError, readEntry } from "@reliq/core";
import { journalPartition } from "./journal-item.ts";
import { queryAll } from "./query-pages.ts";
import type { Item } from "./statements.ts";

/** What names an item of the index `by-queue`. */
const PAGE_KEYS = ["pk", "sk", "queueDay", "failedAt"];

/** The failed attempts of one message, in order of their receives. */
export async function listAttempts(
  client: DynamoDBClient,
  table: string,
  queue: string,
  messageId: string,
  nowMs: number,
): Promise<readonly JournalEntry[]> {
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: "pk = :pk",
    FilterExpression: "expiresAt > :now",
    ExpressionAttributeValues: { ":pk": { S: journalPartition(queue, messageId) }, ":now": seconds(nowMs) },
  };
  return (await queryAll(client, query)).map(readJournalItem);
}

/** One page of a queue's failed attempts of one day, newest first. @throws ReliqError `page-token` */
export async function listFailures(
  client: DynamoDBClient,
  table: string,
  queueDay: string,
  { limit = 100, after }: PageOptions,
  nowMs: number,
): Promise<JournalPage> {
  const page = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: "by-queue",
      KeyConditionExpression: "queueDay = :queueDay",
      FilterExpression: "expiresAt > :now",
      ExpressionAttributeValues: { ":queueDay": { S: queueDay }, ":now": seconds(nowMs) },
      ScanIndexForward: false,
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : readToken(after),
    }),
  );
  const entries = (page.Items ?? []).map(readJournalItem);
  return page.LastEvaluatedKey ? { entries, next: writeToken(page.LastEvaluatedKey) } : { entries };
}

/** The failed attempt of an item that `journalItem` made. */
function readJournalItem(item: Item): JournalEntry {
  const { pk, sk, queueDay, failedAt, expiresAt, ...entry } = unmarshall(item);
  return readEntry(entry as JournalEntry);
}

/** DynamoDB deletes an expired item up to days late: until then it is as good as absent. */
function seconds(nowMs: number): AttributeValue {
  return { N: String(Math.floor(nowMs / 1_000)) };
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
