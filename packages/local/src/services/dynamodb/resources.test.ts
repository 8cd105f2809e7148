import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import type { Resource } from "../../kernel/resource.ts";
import type { Members, Service, World } from "../../kernel/service.ts";
import { createServiceMetrics } from "../../kernel/service-metrics.ts";
import { openStore } from "../../kernel/store.ts";
import { createTraces } from "../../kernel/traces.ts";
import { dynamodbService } from "./service.ts";

const directory = mkdtempSync(join(tmpdir(), "reliq-dynamodb-"));
const store = openStore(directory);
const world: World = {
  store,
  clock: systemClock(),
  metrics: createServiceMetrics(systemClock()),
  traces: createTraces(systemClock()),
  accountId: "000000000000",
  region: "us-east-1",
  peers: {},
  endpoint: () => "",
  call: async (_, action, input) => call(action, input),
  report: () => {},
};
const service: Service = dynamodbService(world);
const provider = service.resources?.["AWS::DynamoDB::Table"];

afterAll(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

async function call(action: string, input: Members): Promise<Members> {
  return (await service.actions[action]?.(input, { requestId: "", signal: new AbortController().signal })) ?? {};
}

const PROPERTIES = {
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  BillingMode: "PAY_PER_REQUEST",
};

function put(name: string, properties: Members): Promise<Resource> {
  const request = { stackName: "stack", logicalId: "Table", type: "AWS::DynamoDB::Table", name, properties };
  return (provider as NonNullable<typeof provider>).put({ ...request, asset: (key) => key });
}

const describeTable = async (TableName: string): Promise<Members> =>
  (await call("DescribeTable", { TableName }))["Table"] as Members;

describe("AWS::DynamoDB::Table (CloudFormation user guide)", () => {
  test("the same template twice is one table, with its stream", async () => {
    const properties = { ...PROPERTIES, StreamSpecification: { StreamViewType: "NEW_IMAGE" } };
    const first = await put("stack-table", properties);
    await call("PutItem", { TableName: "stack-table", Item: { pk: { S: "kept" } } });
    expect(await put("stack-table", properties)).toEqual(first);
    expect(first).toMatchObject({
      ref: "stack-table",
      attributes: {
        Arn: "arn:aws:dynamodb:us-east-1:000000000000:table/stack-table",
        StreamArn: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:000000000000:table\/stack-table\/stream\/20/),
      },
    });
    expect(await describeTable("stack-table")).toMatchObject({ ItemCount: 1 });
  });

  test("changed settings are applied and the items stay", async () => {
    await put("changed", { ...PROPERTIES, Tags: [{ Key: "a", Value: "1" }] });
    await call("PutItem", { TableName: "changed", Item: { pk: { S: "x" }, city: { S: "Ulm" } } });
    await put("changed", {
      ...PROPERTIES,
      AttributeDefinitions: [...PROPERTIES.AttributeDefinitions, { AttributeName: "city", AttributeType: "S" }],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-city",
          KeySchema: [{ AttributeName: "city", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: "true" },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(await describeTable("changed")).toMatchObject({
      DeletionProtectionEnabled: true,
      GlobalSecondaryIndexes: [{ IndexName: "by-city", ItemCount: 1 }],
    });
    expect(await call("DescribeTimeToLive", { TableName: "changed" })).toMatchObject({
      TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "expires" },
    });
    expect(await call("DescribeContinuousBackups", { TableName: "changed" })).toMatchObject({
      ContinuousBackupsDescription: { PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" } },
    });
    await put("changed", PROPERTIES);
    expect(await describeTable("changed")).not.toHaveProperty("GlobalSecondaryIndexes");
  });

  test("another key schema is an error that says so, and nothing is lost", async () => {
    await put("replaced", PROPERTIES);
    await call("PutItem", { TableName: "replaced", Item: { pk: { S: "x" } } });
    const AttributeDefinitions = [{ AttributeName: "pk", AttributeType: "N" }];
    await expect(put("replaced", { ...PROPERTIES, AttributeDefinitions })).rejects.toThrow(
      "The table replaced (Table) exists with another key schema or other local indexes: it must be replaced.",
    );
    expect(await describeTable("replaced")).toMatchObject({ ItemCount: 1 });
  });

  test("removing it removes the table, and removing it again is no error", async () => {
    const resource = await put("removed", PROPERTIES);
    await provider?.remove(resource);
    await provider?.remove(resource);
    await expect(describeTable("removed")).rejects.toThrow("Table: removed not found");
  });
});
