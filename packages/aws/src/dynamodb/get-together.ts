import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { together } from "../together.ts";
import { readItems } from "./read-items.ts";
import type { Item } from "./statements.ts";

/** A primary key of texts: two that are written the same are the same. */
export type TextKey = Readonly<Record<string, { readonly S: string }>>;

interface Asked {
  readonly table: string;
  readonly key: TextKey;
}

/** The most items of a request (DynamoDB API reference, BatchGetItem). */
const MOST_ITEMS = 100;

/**
 * Makes a function that reads an item by its whole primary key, consistently, and gives undefined where there is none. Those that are asked for in the same turn of
 * the event loop share a request a table, 100 at most, at no wait for others, so that what the handlers of a batch read costs one. The function needs
 * `dynamodb:BatchGetItem` of the tables. It throws what DynamoDB says of this item, and ReliqError `journal-throttled` where it stays unread.
 */
export function getTogether(client: DynamoDBClient): (table: string, key: TextKey) => Promise<Item | undefined> {
  const ask = together(MOST_ITEMS, async (asked: readonly Asked[]) => {
    const reads = await readAll(client, asked);
    return asked.map(({ table, key }) => reads.get(table)?.(key) ?? NOTHING);
  });
  return async (table, key) => {
    const read = await ask({ table, key });
    if ("error" in read) throw read.error;
    return read.item;
  };
}

type Read = { readonly error: unknown } | { readonly item: Item | undefined };

const NOTHING: Read = { item: undefined };

/** How each table's keys were read, by the table. */
async function readAll(
  client: DynamoDBClient,
  asked: readonly Asked[],
): Promise<ReadonlyMap<string, (key: TextKey) => Read>> {
  const byTable = Map.groupBy(asked, ({ table }) => table);
  const reads = [...byTable].map(async ([table, of]) => {
    const keys = new Map(of.map(({ key }) => [nameOf(key), key]));
    return [table, await readTable(client, table, keys)] as const;
  });
  return new Map(await Promise.all(reads));
}

/** Never throws. */
async function readTable(
  client: DynamoDBClient,
  table: string,
  keys: ReadonlyMap<string, TextKey>,
): Promise<(key: TextKey) => Read> {
  const [first] = keys.values();
  const names = Object.keys(first ?? {});
  try {
    const items = await readItems(client, table, [...keys.values()]);
    const byName = new Map(items.map((item) => [nameOf(keyOf(item, names)), item]));
    return (key) => ({ item: byName.get(nameOf(key)) });
  } catch (error) {
    // A key that is wrong as such must not be the others' failure.
    if (keys.size <= 1 || (error as Error | undefined)?.name !== "ValidationException") return () => ({ error });
    const alone = [...keys].map(async ([name, key]) => {
      return [name, await readTable(client, table, new Map([[name, key]]))] as const;
    });
    const reads = new Map(await Promise.all(alone));
    return (key) => reads.get(nameOf(key))?.(key) ?? NOTHING;
  }
}

function keyOf(item: Item, names: readonly string[]): TextKey {
  return Object.fromEntries(names.map((name) => [name, { S: item[name]?.S ?? "" }]));
}

function nameOf(key: TextKey): string {
  return JSON.stringify(Object.entries(key).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
