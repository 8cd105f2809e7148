import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { Claim, Settlement } from "@reliq/core";
import { CLAIM_CONTRACT, JOURNAL_CONTRACT, sampleClaim, sampleEntry } from "@reliq/core/testing";
import { describe, expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { dynamodbJournal } from "./journal.ts";

const nowMs = Date.UTC(2026, 0, 31);

function claims(count: number, changes: Partial<Claim> = {}): Claim[] {
  return Array.from({ length: count }, (_, index) => sampleClaim(`k-${index}`, nowMs, changes));
}

describe("the journal in DynamoDB", () => {
  test.each([...JOURNAL_CONTRACT, ...CLAIM_CONTRACT])("$behaviour", async ({ check }) => {
    const { client } = await tableClient();
    await check(dynamodbJournal(client, "journal"), { unique: "orders", nowMs: Date.now() });
  });
});

test("an entry of more than 30 days ago is gone, deleted or not", async () => {
  const { client } = await tableClient();
  const entry = sampleEntry({ failedAtMs: Date.now() });
  await dynamodbJournal(client, "journal").settle([{ kind: "journal", entry }]);
  const later = (days: number) => dynamodbJournal(client, "journal", () => Date.now() + days * 86_400_000);
  expect(await later(29).attempts("orders", "m-1")).toEqual([entry]);
  expect(await later(31).attempts("orders", "m-1")).toEqual([]);
  const day = new Date(entry.failedAtMs).toISOString().slice(0, 10);
  expect(await later(31).failures("orders", day)).toEqual({ entries: [] });
});

describe("requests", () => {
  const mixed = (count: number): Settlement[] =>
    claims(count).map((claim, index) => {
      if (index % 3 === 0) return { kind: "journal", entry: sampleEntry({ messageId: `m-${index}` }) };
      return index % 3 === 1 ? { kind: "complete", claim } : { kind: "probe", claim };
    });

  test.each([
    [10, 1],
    [25, 1],
    [100, 4],
  ])("a batch of %i is claimed in %i and settled in as many", async (count, most) => {
    const { client, requests } = await tableClient();
    const journal = dynamodbJournal(client, "journal");
    expect(await journal.claim(claims(count))).toEqual(Array(count).fill(true));
    expect(requests.splice(0)).toEqual(Array(most).fill("BatchExecuteStatementCommand"));
    await journal.settle(mixed(count));
    expect(requests).toEqual(Array(most).fill("BatchExecuteStatementCommand"));
  });

  test("later receives take over in the same request as first ones claim, and cost a second only where nothing was left", async () => {
    const { client, requests } = await tableClient();
    const journal = dynamodbJournal(client, "journal");
    await journal.claim(claims(5));
    requests.length = 0;
    const second = { receiveCount: 2, token: "token-2" };
    expect(await journal.claim([...claims(5, second), sampleClaim("first", nowMs)])).toEqual(Array(6).fill(true));
    const others = claims(5, { messageId: "other", receiveCount: 2, token: "token-3" });
    expect(await journal.claim(others)).toEqual(Array(5).fill(false));
    expect(requests).toHaveLength(2);
    expect(await journal.claim([...others, sampleClaim("new", nowMs, second)])).toEqual([
      ...Array(5).fill(false),
      true,
    ]);
    expect(requests).toHaveLength(4);
  });

  test("150 keys are read in two, and none in none", async () => {
    const { client, requests } = await tableClient();
    const journal = dynamodbJournal(client, "journal");
    await journal.claim(claims(150));
    requests.length = 0;
    const keys = claims(150).map(({ key }) => key);
    const items = await journal.read([...keys, "none", "k-0"]);
    expect(items.filter((item) => item?.state === "claimed")).toHaveLength(151);
    expect(items[150]).toBeUndefined();
    expect(requests).toEqual(Array(2).fill("BatchGetItemCommand"));
    expect([await journal.read([]), await journal.claim([]), await journal.settle([])]).toEqual([[], [], []]);
    expect(requests).toHaveLength(2);
  });
});

test("a claim's item has the second at which DynamoDB may delete it, never before it expires", async () => {
  const { client } = await tableClient();
  const journal = dynamodbJournal(client, "journal");
  const claim = sampleClaim("k", nowMs, { leaseUntilMs: nowMs, ttlMs: 1 });
  const stored = async (): Promise<unknown> => {
    const Key = { pk: { S: "claim#k" }, sk: { S: "claim" } };
    const { Item } = await client.send(new GetItemCommand({ TableName: "journal", Key }));
    return Item?.["expiresAt"]?.N;
  };
  await journal.claim([claim]);
  expect(await stored()).toBe(String(nowMs / 1_000 + 1));
  await journal.settle([{ kind: "complete", claim: { ...claim, endedAtMs: nowMs + 59_999 } }]);
  expect(await stored()).toBe(String(nowMs / 1_000 + 60));
});

test("a table that is not there fails the claims, and leaves each settlement unavailable", async () => {
  const { client } = await tableClient();
  const journal = dynamodbJournal(client, "elsewhere");
  await expect(journal.claim(claims(1))).rejects.toMatchObject({ code: "statement-failed", retryable: false });
  expect(await journal.settle([{ kind: "journal", entry: sampleEntry() }])).toMatchObject([
    { kind: "unavailable", error: { message: expect.stringContaining("ResourceNotFound") } },
  ]);
});

test("a service that does not answer fails the claims, and leaves each settlement unavailable", async () => {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
  const journal = dynamodbJournal(client, "journal");
  await expect(journal.claim(claims(30))).rejects.toMatchObject({ code: "ECONNREFUSED" });
  const settled = await journal.settle(claims(30).map((claim) => ({ kind: "complete", claim })));
  expect(settled.map(({ kind }) => kind)).toEqual(Array(30).fill("unavailable"));
});

test.each(["", "none", "bm90IEpTT04", "bnVsbA", "NQ"])("a page token %j that is none is refused", async (after) => {
  const client = new DynamoDBClient({ region: "us-east-1" });
  await expect(dynamodbJournal(client, "journal").failures("orders", "2026-01-31", { after })).rejects.toMatchObject({
    code: "page-token",
  });
});
