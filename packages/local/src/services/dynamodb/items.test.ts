import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Region, startRegion } from "../../region.ts";

const directory = mkdtempSync(join(tmpdir(), "reliq-dynamodb-"));
let region: Region;
let client: DynamoDBClient;

beforeAll(async () => {
  region = await startRegion({ stateDirectory: directory, port: 0 });
  client = new DynamoDBClient({
    endpoint: region.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await region.call("dynamodb", "CreateTable", {
    TableName: "orders",
    AttributeDefinitions: [
      { AttributeName: "customer", AttributeType: "S" },
      { AttributeName: "number", AttributeType: "N" },
      { AttributeName: "city", AttributeType: "S" },
    ],
    KeySchema: [
      { AttributeName: "customer", KeyType: "HASH" },
      { AttributeName: "number", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-city",
        KeySchema: [
          { AttributeName: "city", KeyType: "HASH" },
          { AttributeName: "number", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "ALL" },
      },
    ],
    BillingMode: "PAY_PER_REQUEST",
  });
});

afterAll(async () => {
  client.destroy();
  await region.stop();
  rmSync(directory, { recursive: true });
});

test("an item is put once: the second conditional put fails and shows the item on request", async () => {
  const put = (): PutItemCommand =>
    new PutItemCommand({
      TableName: "orders",
      Item: { customer: { S: "ann" }, number: { N: "1" }, city: { S: "Ulm" } },
      ConditionExpression: "attribute_not_exists(customer)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
  await client.send(put());
  await expect(client.send(put())).rejects.toMatchObject({
    name: "ConditionalCheckFailedException",
    Item: { customer: { S: "ann" }, number: { N: "1" }, city: { S: "Ulm" } },
  });
});

test("a query returns the items of one key in the order of their numbers, from a table and from an index", async () => {
  for (const number of ["10", "9", "-1", "0.5"]) {
    const item = { customer: { S: "bob" }, number: { N: number }, city: { S: "Rom" } };
    await client.send(new PutItemCommand({ TableName: "orders", Item: item }));
  }
  for (const [index, key, value] of [
    [undefined, "customer", "bob"],
    ["by-city", "city", "Rom"],
  ] as const) {
    const answer = await client.send(
      new QueryCommand({
        TableName: "orders",
        ...(index && { IndexName: index }),
        KeyConditionExpression: "#key = :value",
        ExpressionAttributeNames: { "#key": key },
        ExpressionAttributeValues: { ":value": { S: value } },
      }),
    );
    expect(answer.Items?.map((each) => each["number"]?.N)).toEqual(["-1", "0.5", "9", "10"]);
  }
});

test("an update moves an item from one index key to another", async () => {
  const key = { customer: { S: "cid" }, number: { N: "1" } };
  const set = (city: string): Promise<unknown> =>
    client.send(
      new UpdateItemCommand({
        TableName: "orders",
        Key: key,
        UpdateExpression: "SET city = :city ADD moves :one",
        ExpressionAttributeValues: { ":city": { S: city }, ":one": { N: "1" } },
      }),
    );
  await set("Bonn");
  await set("Kiel");
  const inCity = async (city: string): Promise<number | undefined> =>
    (
      await client.send(
        new QueryCommand({
          TableName: "orders",
          IndexName: "by-city",
          KeyConditionExpression: "city = :city",
          ExpressionAttributeValues: { ":city": { S: city } },
        }),
      )
    ).Count;
  expect([await inCity("Bonn"), await inCity("Kiel")]).toEqual([0, 1]);
  const { Item } = await client.send(new GetItemCommand({ TableName: "orders", Key: key }));
  expect(Item?.["moves"]).toEqual({ N: "2" });
});
