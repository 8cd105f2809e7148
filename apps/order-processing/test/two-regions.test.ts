import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { type Region, startRegion } from "@reliq/local";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeOver } from "../domain/active-region.ts";
import type { Incoming } from "../domain/keep-order.ts";
import { activeRegionStore } from "../handlers/active-region.ts";
import { orderIntake } from "../handlers/order-intake.ts";
import type { TwoRegions } from "../handlers/two-regions.ts";
import { refuseBatch, whileActive } from "../handlers/while-active.ts";

const FIRST = "us-east-1";
const SECOND = "eu-west-1";
const LONG_AGO_MS = 1;

let directory: string;
let here: Region;
let there: Region;
let clients: readonly [DynamoDB, DynamoDB];

// Their tables are not replicated here: what is in each is what was written there.
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-two-regions-"));
  here = await startRegion({ stateDirectory: join(directory, "here"), port: 0, region: FIRST });
  there = await startRegion({ stateDirectory: join(directory, "there"), port: 0, region: SECOND });
  clients = [clientOf(here, FIRST), clientOf(there, SECOND)];
  for (const client of clients) {
    await createTable(client, "intake", "orderId");
    await createTable(client, "regions", "id");
  }
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await Promise.all([here.stop(), there.stop()]);
  rmSync(directory, { recursive: true });
});

function clientOf({ endpoint }: Region, region: string): DynamoDB {
  return new DynamoDB({ endpoint, region, credentials: { accessKeyId: "x", secretAccessKey: "x" }, maxAttempts: 1 });
}

async function createTable(client: DynamoDB, TableName: string, AttributeName: string): Promise<void> {
  await client.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName, KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName, AttributeType: "S" }],
  });
}

function regions(acknowledge: TwoRegions["acknowledge"] = "both"): TwoRegions {
  const [client, otherClient] = clients;
  const active = activeRegionStore(client, "regions", FIRST);
  const otherActive = activeRegionStore(otherClient, "regions", FIRST);
  return { here: FIRST, other: SECOND, client, otherClient, active, otherActive, acknowledge };
}

/** A takeover that holds already, written into one region's table. */
async function takenBy(region: string, { active }: Pick<TwoRegions, "active">): Promise<void> {
  const before = await active.read();
  const after = takeOver(before, region, 0);
  if (after) await active.write({ ...after, sinceMs: LONG_AGO_MS }, before);
}

const incoming = (changes: Partial<Incoming> = {}): Incoming => ({
  orderId: "o-1",
  ordered: "two of p-1",
  route: "orders",
  message: { body: "{}" },
  ...changes,
});
const keptIn = async (client: DynamoDB): Promise<number> => (await client.scan({ TableName: "intake" })).Count ?? 0;

test("an order is kept in both regions before it is acknowledged, once however often it is sent", async () => {
  const keep = orderIntake(regions(), "intake");
  expect(await Promise.all(Array.from({ length: 10 }, () => keep(incoming())))).toEqual(Array(10).fill(undefined));
  expect([await keptIn(clients[0]), await keptIn(clients[1])]).toEqual([1, 1]);
  expect(await keep(incoming({ ordered: "three of p-1" }))).toMatchObject({ statusCode: 409 });
});

test("without the other region an order is not acknowledged, unless this one goes on alone or one region is enough", async () => {
  await there.stop();
  const both = regions();
  const keep = orderIntake(both, "intake");
  expect(await keep(incoming())).toEqual({ statusCode: 503, why: "eu-west-1 does not have it yet: try again" });
  expect(await orderIntake(regions("one"), "intake")(incoming())).toBeUndefined();
  await takenBy(FIRST, both);
  expect(await keep(incoming())).toBeUndefined();
});

test("an order that comes to a region of which another has taken over is refused, though it has not heard of that", async () => {
  const both = regions();
  await takenBy(SECOND, { active: both.otherActive });
  const keep = orderIntake(both, "intake");
  expect(await keep(incoming())).toMatchObject({ statusCode: 503, why: expect.stringContaining("eu-west-1 does") });
  await takenBy(SECOND, both);
  expect(await keep(incoming({ orderId: "o-2" }))).toMatchObject({ statusCode: 503 });
});

test("services work in the active region, and ask the other one before", async () => {
  const work = (of: TwoRegions) => whileActive(async () => "done", refuseBatch, of)();
  expect(await work(regions())).toBe("done");
  await takenBy(SECOND, { active: regions().otherActive });
  await expect(work(regions())).rejects.toThrow("in standby: eu-west-1 is the active one");
  await there.stop();
  await expect(work(regions())).rejects.toThrow("eu-west-1 does not say whether it has taken over");
  expect(await work(regions("one"))).toBe("done");
  await takenBy(FIRST, regions());
  expect(await work(regions())).toBe("done");
});

test("a region that has just taken over does not work yet", async () => {
  const both = regions();
  const before = await both.active.read();
  const after = takeOver({ ...before, region: SECOND }, FIRST, Date.now());
  if (after) await both.active.write(after, before);
  const standby = whileActive(
    async () => "done",
    () => "standby",
    both,
  );
  expect(await standby()).toBe("standby");
  expect(await orderIntake(both, "intake")(incoming())).toMatchObject({ statusCode: 503 });
});

test("of two takeovers at once one holds, and both hear which", async () => {
  const { active } = regions();
  const before = await active.read();
  const all = await Promise.all(
    [FIRST, SECOND].map((region) => active.write({ region, epoch: 1, sinceMs: 1, isAlone: true }, before)),
  );
  expect(all[0]).toEqual(all[1]);
  expect(await active.read()).toEqual(all[0]);
});
