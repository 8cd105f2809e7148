import { BatchGetItemCommand, type BatchGetItemCommandInput, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { chunks, ReliqError } from "@reliq/core";
import { jitteredWait, MOST_TRIES } from "./jittered-wait.ts";
import type { Item } from "./statements.ts";

/** The most keys of one BatchGetItem (DynamoDB API reference). */
export const MOST_KEYS = 100;

/** An item that is read by its primary key. */
export interface AskedItem {
  readonly table: string;
  readonly key: Item;
}

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
  const asked = keys.map((key) => ({ table, key }));
  return (await readTables(client, asked)).get(table) ?? [];
}

/** The same of several tables, whose items share requests; by the table. */
export async function readTables(
  client: DynamoDBClient,
  asked: readonly AskedItem[],
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const items = new Map<string, Item[]>();
  await Promise.all(chunks(asked, MOST_KEYS).map((chunk) => readChunk(client, chunk, items)));
  return items;
}

type Asking = NonNullable<BatchGetItemCommandInput["RequestItems"]>;

async function readChunk(
  client: DynamoDBClient,
  asked: readonly AskedItem[],
  items: Map<string, Item[]>,
): Promise<void> {
  let left: Asking = {};
  for (const [table, of] of Map.groupBy(asked, ({ table }) => table)) {
    left[table] = { Keys: of.map(({ key }) => key), ConsistentRead: true };
  }
  for (let tries = 1; Object.keys(left).length > 0; tries++) {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetItemCommand({ RequestItems: left }));
    for (const [table, read] of Object.entries(Responses)) items.set(table, [...(items.get(table) ?? []), ...read]);
    left = UnprocessedKeys;
    const unread = Object.entries(left);
    if (unread.length > 0 && tries === MOST_TRIES) {
      const counts = unread.map(([table, { Keys = [] }]) => `The table ${table} left ${Keys.length} items unread.`);
      throw new ReliqError("journal-throttled", counts.join(" "), { retryable: true });
    }
    if (unread.length > 0) await jitteredWait(tries);
  }
}
