import { BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { chunks, ReliqError } from "@reliq/core";
import { jitteredWait, MOST_TRIES } from "./jittered-wait.ts";
import type { Item } from "./statements.ts";

/** The most keys of one BatchGetItem (DynamoDB API reference). */
const MOST_KEYS = 100;

/**
 * Reads the items of distinct primary keys, consistently, 100 in one request, those that exist, in any order; what the service leaves
 * unprocessed is read again.
 * @throws ReliqError `journal-throttled` where some stay unread.
 */
export async function readItems(
  client: DynamoDBClient,
  table: string,
  keys: readonly Item[],
): Promise<readonly Item[]> {
  return (await Promise.all(chunks(keys, MOST_KEYS).map((chunk) => readChunk(client, table, chunk)))).flat();
}

async function readChunk(client: DynamoDBClient, table: string, keys: readonly Item[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  let left = [...keys];
  for (let tries = 1; left.length > 0; tries++) {
    const request = { RequestItems: { [table]: { Keys: left, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand(request));
    items.push(...(Responses?.[table] ?? []));
    left = UnprocessedKeys?.[table]?.Keys ?? [];
    if (left.length > 0 && tries === MOST_TRIES) {
      const message = `The table ${table} left ${left.length} items unread.`;
      throw new ReliqError("journal-throttled", message, { retryable: true });
    }
    if (left.length > 0) await jitteredWait(tries);
  }
  return items;
}
