import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTable, openRegion, type TestRegion } from "./testing/fixture.ts";

let at: TestRegion;

beforeAll(async () => {
  at = await openRegion();
});
afterAll(() => at.close());

const HASH = { AttributeName: "pk", KeyType: "HASH" } as const;
const PK = { AttributeName: "pk", AttributeType: "S" } as const;

describe("Tables (developer guide, Working with tables)", () => {
  test("a table is created, described, listed and deleted", async () => {
    const { TableDescription } = await at.client.createTable({
      TableName: "made",
      AttributeDefinitions: [PK],
      KeySchema: [HASH],
      BillingMode: "PAY_PER_REQUEST",
      Tags: [{ Key: "team", Value: "orders" }],
    });
    expect(TableDescription?.TableStatus).toBe("CREATING");
    const { Table } = await at.client.describeTable({ TableName: "made" });
    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      TableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/made",
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      ItemCount: 0,
    });
    expect(await at.client.listTagsOfResource({ ResourceArn: Table?.TableArn })).toMatchObject({
      Tags: [{ Key: "team", Value: "orders" }],
    });
    expect((await at.client.listTables({})).TableNames).toContain("made");
    expect((await at.client.deleteTable({ TableName: "made" })).TableDescription?.TableStatus).toBe("DELETING");
    await expect(at.client.describeTable({ TableName: "made" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Requested resource not found: Table: made not found",
    });
  });

  test("a table is addressed by its ARN as by its name", async () => {
    await newTable(at, "by-arn");
    const TableName = "arn:aws:dynamodb:us-east-1:000000000000:table/by-arn";
    await at.client.putItem({ TableName, Item: { pk: { S: "x" } } });
    expect((await at.client.getItem({ TableName, Key: { pk: { S: "x" } } })).Item).toEqual({ pk: { S: "x" } });
  });

  test("a table of a taken name is refused", async () => {
    await newTable(at, "taken");
    await expect(newTable(at, "taken")).rejects.toMatchObject({ name: "ResourceInUseException" });
  });

  test("names come in pages", async () => {
    for (const name of ["page-1", "page-2", "page-3"]) await newTable(at, name);
    const first = await at.client.listTables({ ExclusiveStartTableName: "page-0", Limit: 2 });
    expect(first).toMatchObject({ TableNames: ["page-1", "page-2"], LastEvaluatedTableName: "page-2" });
    const rest = await at.client.listTables({ ExclusiveStartTableName: "page-2", Limit: 1 });
    expect(rest.TableNames).toEqual(["page-3"]);
  });

  test("a protected table is not deleted until the protection is off", async () => {
    await newTable(at, "protected");
    await at.client.updateTable({ TableName: "protected", DeletionProtectionEnabled: true });
    await expect(at.client.deleteTable({ TableName: "protected" })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("protected against deletion"),
    });
    await at.client.updateTable({ TableName: "protected", DeletionProtectionEnabled: false });
    await at.client.deleteTable({ TableName: "protected" });
  });

  test("tables, items and counts are there after a restart", async () => {
    await newTable(at, "kept", ["S", "N"]);
    await at.client.putItem({ TableName: "kept", Item: { pk: { S: "x" }, sk: { N: "1" }, v: { S: "here" } } });
    at = await at.restart();
    const { Table } = await at.client.describeTable({ TableName: "kept" });
    expect(Table).toMatchObject({ ItemCount: 1, TableSizeBytes: 12 });
  });

  test.each([
    [
      "a key without a definition",
      { AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" as const }] },
      "Some index key attributes are not defined in AttributeDefinitions",
    ],
    [
      "a definition without a key",
      { AttributeDefinitions: [PK, { AttributeName: "other", AttributeType: "S" as const }] },
      "Number of attributes in KeySchema does not exactly match",
    ],
    [
      "throughput on demand",
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified",
    ],
    [
      "provisioned billing without throughput",
      { BillingMode: "PROVISIONED" as const },
      "must both be specified when BillingMode is PROVISIONED",
    ],
    [
      "a stream without a view type",
      { StreamSpecification: { StreamEnabled: true } },
      "StreamViewType must be specified",
    ],
    [
      "a local index without a range key",
      {
        LocalSecondaryIndexes: [
          { IndexName: "local", KeySchema: [HASH], Projection: { ProjectionType: "ALL" as const } },
        ],
      },
      "Table KeySchema does not have a range key",
    ],
    [
      "INCLUDE without attributes",
      {
        GlobalSecondaryIndexes: [
          { IndexName: "global", KeySchema: [HASH], Projection: { ProjectionType: "INCLUDE" as const } },
        ],
      },
      "NonKeyAttributes is not specified",
    ],
    ["a short name", { TableName: "ab" }, "Table/index names must be between 3 and 255 characters long"],
  ])("a table with %s is refused", async (_, input, message) => {
    const table = {
      TableName: "refused",
      AttributeDefinitions: [PK],
      KeySchema: [HASH],
      BillingMode: "PAY_PER_REQUEST" as const,
    };
    await expect(at.client.createTable({ ...table, ...input })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });

  test("a parameter that is not served is refused by name", async () => {
    await newTable(at, "legacy");
    const input = { TableName: "legacy", Key: { pk: { S: "x" } }, AttributesToGet: ["pk"] };
    await expect(at.client.getItem(input)).rejects.toMatchObject({
      message: expect.stringContaining("does not support the parameter AttributesToGet"),
    });
  });
});

describe("Changing tables (developer guide, Managing Global Secondary Indexes)", () => {
  const attributes = [PK, { AttributeName: "city", AttributeType: "S" as const }];
  const index = {
    IndexName: "by-city",
    KeySchema: [{ AttributeName: "city", KeyType: "HASH" as const }],
    Projection: { ProjectionType: "ALL" as const },
  };
  const inCity = async (city: string): Promise<number | undefined> =>
    (
      await at.client.query({
        TableName: "cities",
        IndexName: "by-city",
        KeyConditionExpression: "city = :city",
        ExpressionAttributeValues: { ":city": { S: city } },
      })
    ).Count;

  test("a new index is filled with the items that fit it, follows them, and goes again", async () => {
    await newTable(at, "cities");
    await at.client.putItem({ TableName: "cities", Item: { pk: { S: "1" }, city: { S: "Ulm" } } });
    await at.client.putItem({ TableName: "cities", Item: { pk: { S: "2" }, city: { N: "1" } } });
    await at.client.updateTable({
      TableName: "cities",
      AttributeDefinitions: attributes,
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
    expect(await inCity("Ulm")).toBe(1);
    await at.client.putItem({ TableName: "cities", Item: { pk: { S: "1" }, city: { S: "Kiel" } } });
    expect([await inCity("Ulm"), await inCity("Kiel")]).toEqual([0, 1]);
    await at.client.deleteItem({ TableName: "cities", Key: { pk: { S: "2" } } });
    await at.client.updateTable({
      TableName: "cities",
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-city" } }],
    });
    await expect(inCity("Kiel")).rejects.toMatchObject({
      message: "The table does not have the specified index: by-city",
    });
    const { Table } = await at.client.describeTable({ TableName: "cities" });
    expect(Table?.AttributeDefinitions).toEqual([PK]);
  });

  test("one index at a time is created or deleted", async () => {
    await newTable(at, "two-indexes");
    const GlobalSecondaryIndexUpdates = [{ Create: index }, { Create: { ...index, IndexName: "again" } }];
    await expect(
      at.client.updateTable({
        TableName: "two-indexes",
        AttributeDefinitions: attributes,
        GlobalSecondaryIndexUpdates,
      }),
    ).rejects.toMatchObject({ name: "LimitExceededException" });
  });

  test("the billing mode changes, with its throughput", async () => {
    await newTable(at, "billed");
    await expect(at.client.updateTable({ TableName: "billed", BillingMode: "PROVISIONED" })).rejects.toMatchObject({
      name: "ValidationException",
    });
    const ProvisionedThroughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
    await at.client.updateTable({ TableName: "billed", BillingMode: "PROVISIONED", ProvisionedThroughput });
    const { Table } = await at.client.describeTable({ TableName: "billed" });
    expect(Table?.ProvisionedThroughput).toMatchObject(ProvisionedThroughput);
  });
});

describe("Settings (API reference, UpdateContinuousBackups, TagResource)", () => {
  test("point-in-time recovery is kept and shown", async () => {
    await newTable(at, "recovered");
    await at.client.updateContinuousBackups({
      TableName: "recovered",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
    });
    const { ContinuousBackupsDescription } = await at.client.describeContinuousBackups({ TableName: "recovered" });
    expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: 7,
    });
  });

  test("tags are added, changed and removed", async () => {
    await newTable(at, "tagged");
    const ResourceArn = "arn:aws:dynamodb:us-east-1:000000000000:table/tagged";
    await at.client.tagResource({
      ResourceArn,
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
    await at.client.tagResource({ ResourceArn, Tags: [{ Key: "b", Value: "3" }] });
    await at.client.untagResource({ ResourceArn, TagKeys: ["a"] });
    expect((await at.client.listTagsOfResource({ ResourceArn })).Tags).toEqual([{ Key: "b", Value: "3" }]);
  });
});
