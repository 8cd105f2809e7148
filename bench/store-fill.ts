import { dynamodbFailureStore } from "@reliq/aws";
import { failureTable } from "@reliq/core/testing";
import { type Region, startRegion } from "@reliq/local";
import { BATCH, COMMITTED, capturedAtMs, captureOf, itemsOf, type StoreClient } from "./store-history.ts";

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
    const store = dynamodbFailureStore(clientOf(region), TABLE, { now: () => capturedAtMs(size) });
    let next = 0;
    for (; next < Math.min(size, COMMITTED); next += BATCH) await store.commit(captureOf(next));
    await putPast(region, next, size);
  } finally {
    await region.stop();
  }
}

async function putPast(region: Region, from: number, size: number): Promise<void> {
  const toItems = itemsOf();
  const began = performance.now();
  for (let next = from; next < size; ) {
    const puts: Promise<unknown>[] = [];
    for (; puts.length < TOGETHER && next < size; next += BATCH) {
      const requests = (await toItems(captureOf(next))).map((Item) => ({ PutRequest: { Item } }));
      puts.push(region.call("dynamodb", "BatchWriteItem", { RequestItems: { [TABLE]: requests } }));
    }
    await Promise.all(puts);
    const seconds = (performance.now() - began) / 1_000;
    console.error(`${next} failures stored  ${((next - from) / seconds).toFixed(0)} a second`);
  }
}

/** Calls a region of this process without a socket in between. */
export function clientOf(region: Region): StoreClient {
  const send: unknown = (command: { readonly input: Record<string, unknown> }) =>
    region.call("dynamodb", command.constructor.name.replace(/Command$/, ""), command.input);
  return { send } as StoreClient;
}
