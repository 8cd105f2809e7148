import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { PageOptions } from "@reliq/core";
import { ReliqError } from "@reliq/core";
import type { Item } from "../statements.ts";
import { time } from "./keys.ts";

/** How many times what it shows a page of a filtered list reads at most, in all its partitions: a page can be short of its limit instead, and costs no more the more is stored. */
const MOST_READ = 10;

/** How many times what it shows it reads at first: of what is filtered by a trait that a third has, one request is enough. */
const FIRST_READ = 5;

/** The most that a page shows. */
const LONGEST_PAGE = 1_000;

/** A list: partitions of one index, newest first, merged, and what is left out of them. */
export interface NewestList {
  readonly index: string;
  /** The index's partition key, and its values. */
  readonly partitionKey: string;
  readonly partitions: readonly string[];
  /** From then on, and before then; milliseconds since the Unix epoch. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly filter?: Filter | undefined;
}

/** A FilterExpression with what it refers to. */
export interface Filter {
  readonly text: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

interface Part {
  readonly items: readonly Item[];
  /** Where reading stopped, if there may be more: all newer ones are in `items`. */
  readonly mark: string | undefined;
}

/** One page of a list; its cost is bounded, whatever the store holds. @throws ReliqError `page-token` */
export async function listNewest(
  client: DynamoDBClient,
  table: string,
  list: NewestList,
  { limit = 100, after }: PageOptions,
): Promise<{ readonly items: readonly Item[]; readonly next?: string }> {
  const most = Math.min(limit, LONGEST_PAGE);
  const place = after === undefined ? undefined : readToken(after);
  const parts = await Promise.all(
    list.partitions.map((partition) => readPartition(client, table, list, partition, most, place)),
  );
  const marks = parts.flatMap(({ mark }) => mark ?? []).sort();
  const frontier = marks.at(-1);
  const found = parts
    .flatMap(({ items }) => items)
    .filter((item) => frontier === undefined || placeOf(item) >= frontier)
    .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
  const items = found.slice(0, most);
  const last = items.at(-1);
  const next = last && found.length > most ? placeOf(last) : frontier;
  return { items, ...(next !== undefined && { next: writeToken(next) }) };
}

async function readPartition(
  client: DynamoDBClient,
  table: string,
  list: NewestList,
  partition: string,
  limit: number,
  after: string | undefined,
): Promise<Part> {
  // One more than the page shows tells whether there is more, and the place that the last page ended at is read again.
  const wanted = limit + 1;
  let step = list.filter ? wanted * FIRST_READ : wanted + 1;
  let budget = list.filter ? Math.max(step, Math.ceil((wanted * MOST_READ) / list.partitions.length)) : step;
  const items: Item[] = [];
  let key: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: list.index,
        ...condition(list, partition, after),
        ScanIndexForward: false,
        Limit: Math.min(step, budget),
        ExclusiveStartKey: key,
      }),
    );
    items.push(...(page.Items ?? []).filter((item) => placeOf(item) !== after));
    budget -= page.ScannedCount ?? step;
    key = page.LastEvaluatedKey;
    step *= 2;
  } while (key && items.length < wanted && budget > 0);
  return { items, mark: key && placeOf(key) };
}

function condition({ partitionKey, fromMs = 0, toMs, filter }: NewestList, partition: string, after?: string): object {
  const newest = [after, toMs === undefined ? undefined : time(toMs)].filter((each) => each !== undefined).sort();
  return {
    KeyConditionExpression: "#partition = :partition AND #at BETWEEN :oldest AND :newest",
    ...(filter && { FilterExpression: filter.text }),
    ExpressionAttributeNames: { "#partition": partitionKey, "#at": "at", ...filter?.names },
    ExpressionAttributeValues: marshall({
      ":partition": partition,
      ":oldest": time(fromMs),
      // Digits come before a colon.
      ":newest": newest[0] ?? ":",
      ...filter?.values,
    }),
  };
}

function placeOf(item: Item): string {
  return item["at"]?.S ?? "";
}

function writeToken(place: string): string {
  return Buffer.from(place).toString("base64url");
}

/** @throws ReliqError `page-token` for a text that `writeToken` did not make. */
function readToken(token: string): string {
  const place = Buffer.from(token, "base64url").toString("utf8");
  if (/^\d{15}#/.test(place)) return place;
  throw new ReliqError(
    "page-token",
    `${JSON.stringify(token.slice(0, 100))} is not the \`next\` of a page of this list.`,
  );
}
