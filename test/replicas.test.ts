import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PairedRegion, startTwoRegions, type TwoRegions } from "../harness/two-regions.ts";

const PATIENCE = { timeout: 60_000, interval: 50 };
const TableName = "orders";

let regions: TwoRegions;
let here: DynamoDB;
let there: DynamoDB;

beforeAll(async () => {
  regions = await startTwoRegions();
  here = new DynamoDB(regions.first.settings);
  there = new DynamoDB(regions.second.settings);
}, 120_000);

afterAll(async () => {
  here.destroy();
  there.destroy();
  await regions.end();
}, 60_000);

const put = (client: DynamoDB, id: string, value: string) =>
  client.putItem({ TableName, Item: { id: { S: id }, value: { S: value } } });

async function readValue(client: DynamoDB, id: string): Promise<string | undefined> {
  const { Item } = await client.getItem({ TableName, Key: { id: { S: id } }, ConsistentRead: true });
  return Item?.["value"]?.S;
}

async function becomes(client: DynamoDB, id: string, value: string | undefined): Promise<void> {
  await expect.poll(() => readValue(client, id), PATIENCE).toBe(value);
}

test("a table gets a replica, with what is in it; from then on writes go both ways, and deletes too", async () => {
  await here.createTable({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  });
  await put(here, "o-old", "before the replica");
  await here.updateTable({ TableName, ReplicaUpdates: [{ Create: { RegionName: "eu-west-1" } }] });
  const status = async () => (await here.describeTable({ TableName })).Table?.Replicas;
  await expect.poll(status, PATIENCE).toEqual([{ RegionName: "eu-west-1", ReplicaStatus: "ACTIVE" }]);
  await becomes(there, "o-old", "before the replica");
  expect((await there.describeTable({ TableName })).Table).toMatchObject({
    TableArn: `arn:aws:dynamodb:eu-west-1:000000000000:table/${TableName}`,
    GlobalTableVersion: "2019.11.21",
    Replicas: [{ RegionName: "us-east-1" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
  await put(there, "o-1", "there");
  await becomes(here, "o-1", "there");
  await here.deleteItem({ TableName, Key: { id: { S: "o-1" } } });
  await becomes(there, "o-1", undefined);
});

test("a replica's stream tells what came from the other region", async () => {
  const { Table } = await there.describeTable({ TableName });
  const read = <T>(action: string, input: object): Promise<T> =>
    ask(regions.second, `DynamoDBStreams_20120810.${action}`, { StreamArn: Table?.LatestStreamArn, ...input });
  const { StreamDescription } = await read<{ StreamDescription: { Shards: [{ ShardId: string }] } }>(
    "DescribeStream",
    {},
  );
  const [{ ShardId }] = StreamDescription.Shards;
  const at = { ShardId, ShardIteratorType: "TRIM_HORIZON" };
  const { ShardIterator } = await read<{ ShardIterator: string }>("GetShardIterator", at);
  const { Records } = await ask<{ Records: readonly StreamRecord[] }>(
    regions.second,
    "DynamoDBStreams_20120810.GetRecords",
    {
      ShardIterator,
    },
  );
  expect(Records.map(({ eventName, dynamodb }) => [eventName, dynamodb.Keys["id"]?.S])).toEqual([
    ["INSERT", "o-old"],
    ["INSERT", "o-1"],
    ["REMOVE", "o-1"],
  ]);
});

test("what was written before a region was killed arrives once it is back, and of two writes that have not seen each other the later one stays", async () => {
  const { first, second } = regions;
  for (const id of ["o-both", "o-gone"]) {
    await put(here, id, "in both");
    await becomes(there, id, "in both");
  }
  await second.kill();
  for (let count = 1; count <= 30; count++) await put(here, `o-tail-${count}`, "before the kill");
  for (const id of ["o-both", "o-gone"]) await put(here, id, "earlier");
  await first.kill();
  await second.start();
  expect(await readValue(there, "o-tail-30")).toBeUndefined();
  await put(there, "o-both", "later");
  await there.deleteItem({ TableName, Key: { id: { S: "o-gone" } } });
  await first.start();
  for (let count = 1; count <= 30; count++) await becomes(there, `o-tail-${count}`, "before the kill");
  await becomes(here, "o-both", "later");
  await becomes(here, "o-gone", undefined);
  expect([await readValue(there, "o-both"), await readValue(there, "o-gone")]).toEqual(["later", undefined]);
}, 180_000);

test("what comes again changes nothing", async () => {
  const { first, second } = regions;
  const change = { kind: "item", atMs: 1, region: first.name, key: { id: { S: "o-both" } } };
  const repeated = { From: first.name, Changes: [{ sequence: 1, table: TableName, change }] };
  await ask(second, "DynamoDB_20120810.ReliqReplicate", repeated);
  expect(await readValue(there, "o-both")).toBe("later");
});

test("a region without a peer, a replica that is there already, and a name that is taken are refused with the reason", async () => {
  const join = (RegionName: string) => here.updateTable({ TableName, ReplicaUpdates: [{ Create: { RegionName } }] });
  await expect(join("ap-south-1")).rejects.toThrow("start it with --peer ap-south-1=http://127.0.0.1:PORT");
  await expect(join("eu-west-1")).rejects.toThrow("has already a replica in eu-west-1");
});

test("a region that leaves loses its replica, and the other goes on alone", async () => {
  await here.updateTable({ TableName, ReplicaUpdates: [{ Delete: { RegionName: "eu-west-1" } }] });
  await expect.poll(async () => (await there.listTables({})).TableNames, PATIENCE).toEqual([]);
  expect((await here.describeTable({ TableName })).Table?.Replicas).toBeUndefined();
  await put(here, "o-alone", "here alone");
});

interface StreamRecord {
  readonly eventName: string;
  readonly dynamodb: { readonly Keys: Readonly<Record<string, { readonly S?: string }>> };
}

/** Calls an action in AWS's JSON protocol. */
async function ask<T>({ endpoint }: PairedRegion, target: string, input: object): Promise<T> {
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify(input),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as T;
}
