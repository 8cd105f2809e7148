import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "../testing/endpoint.ts";
import { createTestClock, newTable, openRegion, type TestRegion } from "../testing/fixture.ts";

const clock = createTestClock();
let at: TestRegion;

beforeAll(async () => {
  at = await openRegion(clock);
});
afterAll(() => at.close());

type Members = Record<string, unknown>;
type View = "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";

/** By hand: there is no client for streams of the same version as the others. */
const call = async (action: string, input: Members): Promise<Members> => {
  const { status, body } = await send(at.region.endpoint, { action, input });
  if (status !== 200) throw new Error(`${body["__type"]}: ${body["message"]}`);
  return body;
};

async function streamed(name: string, StreamViewType: View = "NEW_AND_OLD_IMAGES"): Promise<string> {
  await newTable(at, name);
  const StreamSpecification = { StreamEnabled: true, StreamViewType };
  const { TableDescription } = await at.client.updateTable({ TableName: name, StreamSpecification });
  return TableDescription?.LatestStreamArn ?? "";
}

async function shardOf(StreamArn: string): Promise<{ ShardId: string; SequenceNumberRange: Members }> {
  const { StreamDescription } = await call("DescribeStream", { StreamArn });
  return (StreamDescription as { Shards: [{ ShardId: string; SequenceNumberRange: Members }] }).Shards[0];
}

async function iterator(StreamArn: string, type = "TRIM_HORIZON", more: Members = {}): Promise<unknown> {
  const { ShardId } = await shardOf(StreamArn);
  return (await call("GetShardIterator", { StreamArn, ShardId, ShardIteratorType: type, ...more }))["ShardIterator"];
}

interface Record_ {
  readonly eventName: string;
  readonly userIdentity?: Members;
  readonly dynamodb: Members & { readonly SequenceNumber: string };
}

async function read(ShardIterator: unknown, more: Members = {}): Promise<{ records: Record_[]; next: unknown }> {
  const body = await call("GetRecords", { ShardIterator, ...more });
  return { records: body["Records"] as Record_[], next: body["NextShardIterator"] };
}

const item = (pk: string, v?: number) => ({ pk: { S: pk }, ...(v !== undefined && { v: { N: String(v) } }) });
const put = (TableName: string, pk: string, v?: number): Promise<unknown> =>
  at.client.putItem({ TableName, Item: item(pk, v) });

describe("Streams (developer guide, Change data capture for DynamoDB Streams)", () => {
  test("each change is told once, in order, with what was and what is", async () => {
    const arn = await streamed("changes");
    await put("changes", "a", 1);
    await put("changes", "a", 1);
    await put("changes", "a", 2);
    await at.client.deleteItem({ TableName: "changes", Key: item("a") });
    await at.client.deleteItem({ TableName: "changes", Key: item("a") });
    const { records } = await read(await iterator(arn));
    expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb["OldImage"], dynamodb["NewImage"]])).toEqual([
      ["INSERT", undefined, item("a", 1)],
      ["MODIFY", item("a", 1), item("a", 2)],
      ["REMOVE", item("a", 2), undefined],
    ]);
    expect(records[1]).toMatchObject({
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: { Keys: item("a"), StreamViewType: "NEW_AND_OLD_IMAGES", SizeBytes: 15 },
    });
    const numbers = records.map((each) => each.dynamodb.SequenceNumber);
    expect(numbers).toEqual(numbers.toSorted());
  });

  test.each([
    ["KEYS_ONLY", ["Keys"]],
    ["NEW_IMAGE", ["Keys", "NewImage"]],
    ["OLD_IMAGE", ["Keys", "OldImage"]],
    ["NEW_AND_OLD_IMAGES", ["Keys", "NewImage", "OldImage"]],
  ] as const)("a view of %s shows %j", async (view, members) => {
    const arn = await streamed(`view-${view}`, view);
    await put(`view-${view}`, "a", 1);
    await put(`view-${view}`, "a", 2);
    const { records } = await read(await iterator(arn));
    const images = Object.keys(records[1]?.dynamodb ?? {}).filter((each) => /Keys|Image$/.test(each));
    expect(images.sort()).toEqual(members);
  });

  test("a transaction is told whole, a cancelled one and a failed condition not at all", async () => {
    const arn = await streamed("whole");
    const TransactItems = ["a", "b"].map((pk) => ({ Put: { TableName: "whole", Item: item(pk) } }));
    await at.client.transactWriteItems({ TransactItems });
    const ConditionExpression = "attribute_not_exists(pk)";
    const Item = item("c");
    const refused = { Put: { TableName: "whole", Item: item("a"), ConditionExpression } };
    await at.client
      .transactWriteItems({ TransactItems: [{ Put: { TableName: "whole", Item } }, refused] })
      .catch(() => {});
    await at.client.putItem(refused.Put).catch(() => {});
    const { records } = await read(await iterator(arn));
    expect(records.map(({ dynamodb }) => dynamodb["Keys"])).toEqual([item("a"), item("b")]);
  });

  test("reading goes on where it was, also after a restart, and begins where it is told to", async () => {
    const arn = await streamed("places");
    for (const pk of ["a", "b", "c"]) await put("places", pk);
    const latest = await iterator(arn, "LATEST");
    const first = await read(await iterator(arn), { Limit: 2 });
    at = await at.restart();
    const rest = await read(first.next);
    expect(first.records.concat(rest.records).map(({ dynamodb }) => dynamodb["Keys"])).toEqual(
      ["a", "b", "c"].map((pk) => item(pk)),
    );
    expect((await read(rest.next)).records).toEqual([]);
    const SequenceNumber = first.records[1]?.dynamodb.SequenceNumber;
    const from = async (type: string): Promise<number> =>
      (await read(await iterator(arn, type, { SequenceNumber }))).records.length;
    expect([await from("AT_SEQUENCE_NUMBER"), await from("AFTER_SEQUENCE_NUMBER")]).toEqual([2, 1]);
    await put("places", "d");
    expect((await read(latest)).records.map(({ dynamodb }) => dynamodb["Keys"])).toEqual([item("d")]);
  });

  test("a disabled stream ends after its last record, and an enabled one is a new stream", async () => {
    const arn = await streamed("ended");
    await put("ended", "a");
    await at.client.updateTable({ TableName: "ended", StreamSpecification: { StreamEnabled: false } });
    await put("ended", "b");
    expect(await read(await iterator(arn))).toMatchObject({ records: [{ eventName: "INSERT" }], next: undefined });
    expect((await shardOf(arn)).SequenceNumberRange).toHaveProperty("EndingSequenceNumber");
    clock.advance(1);
    const StreamSpecification = { StreamEnabled: true, StreamViewType: "NEW_IMAGE" as const };
    const { TableDescription } = await at.client.updateTable({ TableName: "ended", StreamSpecification });
    expect(TableDescription?.LatestStreamArn).not.toBe(arn);
    expect((await call("ListStreams", { TableName: "ended" }))["Streams"]).toHaveLength(2);
  });

  test("the stream of a deleted table can still be read", async () => {
    const arn = await streamed("deleted");
    await put("deleted", "a");
    await at.client.deleteTable({ TableName: "deleted" });
    expect((await read(await iterator(arn))).records).toHaveLength(1);
  });

  test("an iterator serves for 15 minutes, and a record for 24 hours", async () => {
    const arn = await streamed("aged");
    await put("aged", "a");
    const old = await iterator(arn);
    const SequenceNumber = (await read(old)).records[0]?.dynamodb.SequenceNumber;
    clock.advance(15 * 60 + 1);
    await expect(read(old)).rejects.toThrow("ExpiredIteratorException");
    clock.advance(24 * 3600);
    await put("aged", "b");
    const { records } = await read(await iterator(arn));
    expect(records.map(({ dynamodb }) => dynamodb["Keys"])).toEqual([item("b")]);
    await expect(iterator(arn, "AT_SEQUENCE_NUMBER", { SequenceNumber })).rejects.toThrow("TrimmedDataAccessException");
  });

  test("what is no stream, shard or iterator is refused", async () => {
    const arn = await streamed("refusals");
    await expect(call("DescribeStream", { StreamArn: `${arn}0` })).rejects.toThrow("ResourceNotFoundException");
    const shard = { StreamArn: arn, ShardId: "shardId-00000000000000000000-00000000", ShardIteratorType: "LATEST" };
    await expect(call("GetShardIterator", shard)).rejects.toThrow("ResourceNotFoundException");
    await expect(read("nothing")).rejects.toThrow("Invalid ShardIterator");
  });
});

describe("Time to live (developer guide, Using time to live)", () => {
  const seconds = (from: number): string => String(Math.floor(clock.now() / 1000) + from);
  const put = (pk: string, expires: { N?: string; S?: string }): Promise<unknown> =>
    at.client.putItem({ TableName: "expiring", Item: { pk: { S: pk }, expires: expires as { N: string } } });
  const left = async (): Promise<unknown> =>
    (await at.client.scan({ TableName: "expiring" })).Items?.map((each) => each["pk"]?.S).sort();

  test("an expired item is seen for a while, then it goes, and the stream says why", async () => {
    const arn = await streamed("expiring");
    await put("before", { N: seconds(10) });
    await at.client.updateTimeToLive({
      TableName: "expiring",
      TimeToLiveSpecification: { Enabled: true, AttributeName: "expires" },
    });
    await put("soon", { N: seconds(10) });
    await put("later", { N: seconds(10_000) });
    await put("text", { S: seconds(10) });
    await put("ancient", { N: "1" });
    clock.advance(30);
    expect(await left()).toEqual(["ancient", "before", "later", "soon", "text"]);
    clock.advance(60);
    await expect.poll(left).toEqual(["ancient", "later", "text"]);
    const { records } = await read(await iterator(arn));
    const removals = records.filter((each) => each.eventName === "REMOVE");
    expect(removals.map((each) => each.userIdentity)).toEqual(
      Array(2).fill({ PrincipalId: "dynamodb.amazonaws.com", Type: "Service" }),
    );
  });

  test("expiry follows the attribute, and ends where it is disabled", async () => {
    const specify = (Enabled: boolean, AttributeName: string): Promise<unknown> =>
      at.client.updateTimeToLive({ TableName: "expiring", TimeToLiveSpecification: { Enabled, AttributeName } });
    await expect(specify(true, "other")).rejects.toMatchObject({
      message: "TimeToLive is active on a different AttributeName: current AttributeName is expires",
    });
    await expect(specify(true, "expires")).rejects.toMatchObject({ message: "TimeToLive is already enabled" });
    await put("kept", { N: seconds(1) });
    await specify(false, "expires");
    expect((await at.client.describeTimeToLive({ TableName: "expiring" })).TimeToLiveDescription).toEqual({
      TimeToLiveStatus: "DISABLED",
    });
    clock.advance(600);
    await at.client.putItem({ TableName: "expiring", Item: { pk: { S: "fence" } } });
    expect(await left()).toContain("kept");
  });
});
