import {
  BatchWriteItemCommand,
  type BatchWriteItemCommandOutput,
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { JOURNAL_CONTRACT, sampleEntry } from "@reliq/core/testing";
import { describe, expect, test, vi } from "vitest";
import { localRegion } from "../../test/region.ts";
import { dynamodbJournal } from "./journal.ts";

/** The table as the construct `Journal` defines it. */
const TABLE: CreateTableCommandInput = {
  TableName: "journal",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: ["pk", "sk", "queueDay", "failedAt"].map((AttributeName) => ({
    AttributeName,
    AttributeType: "S",
  })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-queue",
      Projection: { ProjectionType: "ALL" },
      KeySchema: [
        { AttributeName: "queueDay", KeyType: "HASH" },
        { AttributeName: "failedAt", KeyType: "RANGE" },
      ],
    },
  ],
};

async function tableClient(): Promise<DynamoDBClient> {
  const client = new DynamoDBClient(await localRegion());
  await client.send(new CreateTableCommand(TABLE));
  return client;
}

describe("the journal in DynamoDB", () => {
  test.each(JOURNAL_CONTRACT)("$behaviour", async ({ check }) => {
    await check(dynamodbJournal(await tableClient(), "journal"), { unique: "orders", nowMs: Date.now() });
  });
});

test("an entry of more than 30 days ago is gone, deleted or not", async () => {
  const client = await tableClient();
  const entry = sampleEntry({ failedAtMs: Date.now() });
  await dynamodbJournal(client, "journal").record([entry]);
  const later = (days: number) => dynamodbJournal(client, "journal", () => Date.now() + days * 86_400_000);
  expect(await later(29).attempts("orders", "m-1")).toEqual([entry]);
  expect(await later(31).attempts("orders", "m-1")).toEqual([]);
  const day = new Date(entry.failedAtMs).toISOString().slice(0, 10);
  expect(await later(31).failures("orders", day)).toEqual({ entries: [] });
});

test("entries that DynamoDB left unwritten are written again, and only those", async () => {
  const client = await tableClient();
  const send = client.send.bind(client);
  const puts: number[] = [];
  vi.spyOn(client, "send").mockImplementation(async (command: unknown) => {
    if (!(command instanceof BatchWriteItemCommand)) return send(command as never);
    const requests = command.input.RequestItems?.["journal"] ?? [];
    puts.push(requests.length);
    const taken = requests.slice(0, Math.ceil(requests.length / 2));
    await send(new BatchWriteItemCommand({ RequestItems: { journal: taken } }));
    const left = requests.slice(taken.length);
    return { UnprocessedItems: left.length > 0 ? { journal: left } : {} } as BatchWriteItemCommandOutput as never;
  });
  const entries = [1, 2, 3, 4].map((receiveCount) => sampleEntry({ receiveCount, failedAtMs: Date.now() }));
  await dynamodbJournal(client, "journal").record(entries);
  expect(puts).toEqual([4, 2, 1]);
  expect(await dynamodbJournal(client, "journal").attempts("orders", "m-1")).toEqual(entries);
});

test("entries that DynamoDB never takes are an error that says how many", async () => {
  const client = new DynamoDBClient({ region: "us-east-1" });
  vi.spyOn(client, "send").mockImplementation(async (command: unknown) => {
    return { UnprocessedItems: (command as BatchWriteItemCommand).input.RequestItems } as never;
  });
  await expect(dynamodbJournal(client, "journal").record([sampleEntry()])).rejects.toMatchObject({
    code: "journal-throttled",
    retryable: true,
    message: "The table journal left 1 entries unwritten.",
  });
});

test.each(["", "none", "bm90IEpTT04", "bnVsbA", "NQ"])("a page token %j that is none is refused", async (after) => {
  const client = new DynamoDBClient({ region: "us-east-1" });
  await expect(dynamodbJournal(client, "journal").failures("orders", "2026-01-31", { after })).rejects.toMatchObject({
    code: "page-token",
  });
});
