import { dynamodbFailureStore } from "@reliq/aws";
import { failureTable } from "@reliq/core/testing";
import { type Region, startRegion } from "@reliq/local";
import {
  BATCH,
  COMMITTED,
  capturedAtMs,
  captureOf,
  type HistoryTraits,
  type StoreClient,
  summed,
  writesOf,
} from "./store-history.ts";

/** Requests whose writes share one transaction of the region's state. */
const TOGETHER = 500;

export const TABLE = "failures";

/**
 * Fills the state of a local region that is not running with so many failures of the history. The oldest are committed as recovery commits; the items of
 * the others are what the store would write, put past it: those of failures and groups, without the audit's.
 */
export async function fillState(stateDirectory: string, size: number): Promise<void> {
  const region = await startRegion({ stateDirectory, port: 0 });
  try {
    await region.call("dynamodb", "CreateTable", { ...failureTable(TABLE) });
    await fillTable(region, TABLE, size);
  } finally {
    await region.stop();
  }
}

/** Fills a failure store's table in the same way. */
export async function fillTable(region: Region, table: string, size: number, traits?: HistoryTraits): Promise<void> {
  const store = dynamodbFailureStore(clientOf(region), table, { now: () => capturedAtMs(size, traits) });
  const toWrites = writesOf();
  let next = 0;
  for (; next < Math.min(size, COMMITTED); next += BATCH) await store.commit(captureOf(next, traits));
  const from = next;
  let added: ReturnType<typeof summed> = [];
  const began = performance.now();
  while (next < size) {
    const puts: Promise<unknown>[] = [];
    for (; puts.length < TOGETHER && next < size; next += BATCH) {
      const { items, totals } = await toWrites(captureOf(next, traits));
      added = summed([...added, ...totals]);
      const requests = items.map((Item) => ({ PutRequest: { Item } }));
      puts.push(region.call("dynamodb", "BatchWriteItem", { RequestItems: { [table]: requests } }));
    }
    await Promise.all(puts);
    const seconds = (performance.now() - began) / 1_000;
    console.error(`${next} failures stored  ${((next - from) / seconds).toFixed(0)} a second`);
  }
  for (const totals of added) await region.call("dynamodb", "UpdateItem", { ...totals, TableName: table });
}

/** Calls a region of this process without a socket in between. */
export function clientOf(region: Region): StoreClient {
  const send: unknown = (command: { readonly input: Record<string, unknown> }) =>
    region.call("dynamodb", command.constructor.name.replace(/Command$/, ""), command.input);
  return { send } as StoreClient;
}
