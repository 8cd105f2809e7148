import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dynamodbFailureStore } from "@reliq/aws";
import type { FailureStore } from "@reliq/core/recovery";
import { failureTable } from "@reliq/core/testing";
import { type Region, startRegion } from "@reliq/local";
import { afterAll, expect, test } from "vitest";
import { clientOf, fillState, TABLE } from "./store-fill.ts";
import { BATCH, COMMITTED, capturedAtMs, captureOf } from "./store-history.ts";

const SIZE = COMMITTED + 20 * BATCH;
const FILTERS = [{}, { queue: "orders" }, { state: "held" }, { fingerprint: "1:2" }, { category: "timeout" }] as const;

const regions: Region[] = [];

afterAll(() => Promise.all(regions.map((region) => region.stop())));

async function regionOn(stateDirectory: string): Promise<Region> {
  const region = await startRegion({ stateDirectory, port: 0 });
  regions.push(region);
  return region;
}

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), "reliq-fill-"));
}

function storeIn(region: Region): FailureStore {
  return dynamodbFailureStore(clientOf(region), TABLE, { now: () => capturedAtMs(SIZE) });
}

/** The items of failures and groups, as they are stored. */
async function itemsIn(region: Region): Promise<readonly string[]> {
  const items: string[] = [];
  let from: unknown;
  do {
    const page = await region.call("dynamodb", "Scan", { TableName: TABLE, ExclusiveStartKey: from });
    items.push(...(page["Items"] as { pk: { S: string } }[]).map((item) => JSON.stringify(item)));
    from = page["LastEvaluatedKey"];
  } while (from);
  return items.filter((item) => /"pk":\{"S":"(failure|group)#/.test(item) && !item.includes('"sk":{"S":"hour#'));
}

test("what is put past the store is byte for byte what the store commits, and is listed alike", async () => {
  const directory = newDirectory();
  await fillState(directory, SIZE);
  const filled = await regionOn(directory);
  const committed = await regionOn(newDirectory());
  await committed.call("dynamodb", "CreateTable", { ...failureTable(TABLE) });
  const store = storeIn(committed);
  for (let from = 0; from < SIZE; from += BATCH) expect(await store.commit(captureOf(from))).toBe("committed");

  const items = await itemsIn(filled);
  expect(items.length).toBeGreaterThan(SIZE);
  expect(items).toEqual(await itemsIn(committed));
  for (const filter of FILTERS) {
    expect(await storeIn(filled).listFailures({ filter })).toEqual(await store.listFailures({ filter }));
  }
  expect(await storeIn(filled).listGroups({})).toEqual(await store.listGroups({}));
});
