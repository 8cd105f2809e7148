import { BatchWriteItemCommand, type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { chunks } from "@reliq/core";
import type { Sample } from "../domain/forecast.ts";
import type { Stock } from "../domain/stock.ts";
import { withSample } from "../domain/trends.ts";

/** A product with what was in stock of it lately, now included. */
interface ProductTrend {
  readonly productId: string;
  readonly lowAt: number;
  readonly samples: readonly Sample[];
  readonly isNew: boolean;
}

/** What is known of trends before a run. */
interface KnownTrends {
  readonly products: readonly ProductTrend[];
  /** The subjects that have been told of. */
  readonly told: ReadonlySet<string>;
}

/** Reads and writes what is known of trends. */
interface StockTrends {
  readonly read: (nowMs: number) => Promise<KnownTrends>;
  readonly write: (known: KnownTrends, told: ReadonlySet<string>) => Promise<void>;
}

/** Enough for a day and a half at a look an hour, and few enough to be one unit of writing. */
const MOST_SAMPLES = 36;

/** The most of one request (BatchWriteItem). */
const AT_ONCE = 25;

const TOLD = "told";

/** The stock's trends in a table of their own: each look is a sample, written only where the stock has changed since. */
export function stockTrends(
  client: DynamoDBClient,
  tables: { readonly stock: string; readonly trends: string },
): StockTrends {
  return {
    read: async (nowMs) => {
      const stored = new Map<string, Readonly<Record<string, unknown>>>();
      for (const item of await readAll(client, tables.trends)) stored.set(String(item["subject"]), item);
      const stock = (await readAll(client, tables.stock)) as unknown as readonly Stock[];
      const products = stock.map(({ productId, available, lowAt }): ProductTrend => {
        const before = (stored.get(`product ${productId}`)?.["samples"] ?? []) as readonly Sample[];
        const samples = withSample(before, { atMs: nowMs, value: available }, MOST_SAMPLES);
        return { productId, lowAt, samples, isNew: before.at(-1)?.value !== available };
      });
      return { products, told: new Set((stored.get(TOLD)?.["subjects"] ?? []) as readonly string[]) };
    },
    write: async ({ products }, told) => {
      const changed = products.filter(({ isNew }) => isNew);
      const items = [
        { subject: TOLD, subjects: [...told] },
        ...changed.map(({ productId, samples }) => ({ subject: `product ${productId}`, samples })),
      ];
      for (const some of chunks(items, AT_ONCE)) {
        const requests = some.map((item) => ({ PutRequest: { Item: marshall(item) } }));
        // What DynamoDB leaves out is sampled again at the next look.
        await client.send(new BatchWriteItemCommand({ RequestItems: { [tables.trends]: requests } }));
      }
    },
  };
}

async function readAll(client: DynamoDBClient, TableName: string): Promise<Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    items.push(...Items.map((item) => unmarshall(item)));
  }
  return items;
}
