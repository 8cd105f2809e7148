import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { together } from "../together.ts";
import { MOST_KEYS, readTables } from "./read-items.ts";
import type { Item } from "./statements.ts";

/** A primary key of texts: two that are written the same are the same. */
export type TextKey = Readonly<Record<string, { readonly S: string }>>;

interface Asked {
  readonly table: string;
  readonly key: TextKey;
}

/**
 * Makes a function that reads an item by its whole primary key, consistently, and gives undefined where there is none. Those that are asked for in the same turn of
 * the event loop share a request, of whichever tables they are, 100 at most, at no wait for others, so that what the handlers of a batch read costs one. The function
 * needs `dynamodb:BatchGetItem` of the tables. It throws what DynamoDB says of this item, and ReliqError `journal-throttled` where it stays unread.
 */
export function getTogether(client: DynamoDBClient): (table: string, key: TextKey) => Promise<Item | undefined> {
  const ask = together(MOST_KEYS, (asked: readonly Asked[]) => readAll(client, asked));
  return async (table, key) => {
    const read = await ask({ table, key });
    if ("error" in read) throw read.error;
    return read.item;
  };
}

type Read = { readonly error: unknown } | { readonly item: Item | undefined };

/** How each was read, by its place; never throws. */
async function readAll(client: DynamoDBClient, asked: readonly Asked[]): Promise<readonly Read[]> {
  const distinct = new Map(asked.map((each) => [nameOf(each), each]));
  try {
    const tables = await readTables(client, [...distinct.values()]);
    const named = [...tables].flatMap(([table, items]) => {
      const names = Object.keys(asked.find((each) => each.table === table)?.key ?? {});
      return items.map((item) => [nameOf({ table, key: keyOf(item, names) }), item] as const);
    });
    const byName = new Map(named);
    return asked.map((each) => ({ item: byName.get(nameOf(each)) }));
  } catch (error) {
    if (distinct.size === 1 || !isRefusedRequest(error)) return asked.map(() => ({ error }));
    // A key that is wrong as such, or a table that is not there, must not be the others' failure.
    const alone = [...distinct].map(async ([name, each]) => [name, (await readAll(client, [each]))[0]] as const);
    const reads = new Map(await Promise.all(alone));
    return asked.map((each) => reads.get(nameOf(each)) ?? { error });
  }
}

/** The request was refused as a whole, for what one of its keys is. */
function isRefusedRequest(error: unknown): boolean {
  return ["ResourceNotFoundException", "ValidationException"].includes((error as Error | undefined)?.name ?? "");
}

function keyOf(item: Item, names: readonly string[]): TextKey {
  return Object.fromEntries(names.map((name) => [name, { S: item[name]?.S ?? "" }]));
}

function nameOf({ table, key }: Asked): string {
  const parts = Object.entries(key).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([table, parts]);
}
