import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import type { Members } from "../../kernel/service.ts";
import { type Region, startRegion } from "../../region.ts";

const PATIENCE = { timeout: 30_000, interval: 20 };

let directory: string;
let first: Region;
let second: Region;

// The second region knows no peer: what is replicated goes from the first to it.
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-global-table-"));
  const options = { port: 0, report: () => {} };
  second = await startRegion({ ...options, stateDirectory: join(directory, "second"), region: "eu-west-1" });
  const peers = { "eu-west-1": second.endpoint };
  first = await startRegion({ ...options, stateDirectory: join(directory, "first"), region: "us-east-1", peers });
});
afterEach(async () => {
  await Promise.all([first.stop(), second.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

const TABLE = {
  TableName: "orders",
  BillingMode: "PAY_PER_REQUEST",
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
  Replicas: [{ Region: "eu-west-1" }, { Region: "us-east-1", Tags: [{ Key: "a", Value: "1" }] }],
};

const deploy = (Properties: object) =>
  first.deploy(
    writeAssembly(join(directory, "cdk.out"), {
      Shop: { template: { Resources: { Table: { Type: "AWS::DynamoDB::GlobalTable", Properties } } } },
    }),
  );
const describeIn = async (region: Region): Promise<Members> =>
  (await region.call("dynamodb", "DescribeTable", { TableName: "orders" }))["Table"] as Members;
const tablesOf = async (region: Region) => (await region.call("dynamodb", "ListTables", {}))["TableNames"];

test("a template's table has its replicas, which are as it is, also after it was changed, and go with it", async () => {
  await deploy(TABLE);
  await expect.poll(() => tablesOf(second), PATIENCE).toEqual(["orders"]);
  await deploy({
    ...TABLE,
    TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
    AttributeDefinitions: [...TABLE.AttributeDefinitions, { AttributeName: "city", AttributeType: "S" }],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-city",
        KeySchema: [{ AttributeName: "city", KeyType: "HASH" }],
        Projection: { ProjectionType: "ALL" },
      },
    ],
  });
  const changed = async () => (await describeIn(second))["GlobalSecondaryIndexes"];
  await expect.poll(changed, PATIENCE).toMatchObject([{ IndexName: "by-city" }]);
  expect(await second.call("dynamodb", "DescribeTimeToLive", { TableName: "orders" })).toMatchObject({
    TimeToLiveDescription: { AttributeName: "expiresAt", TimeToLiveStatus: "ENABLED" },
  });
  await first.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: { template: { Resources: {} } } }));
  await expect.poll(() => tablesOf(second), PATIENCE).toEqual([]);
  expect(await tablesOf(first)).toEqual([]);
});

test("a table of its region alone has no replica, and one that is there stays when it is deployed again", async () => {
  await deploy({ ...TABLE, Replicas: [{ Region: "us-east-1" }] });
  expect((await describeIn(first))["Replicas"]).toBeUndefined();
  await deploy(TABLE);
  await deploy(TABLE);
  expect(await describeIn(first)).toMatchObject({ Replicas: [{ RegionName: "eu-west-1" }] });
});

test("a replica in a region that is no peer stops the deployment, with what to do", async () => {
  const deployed = deploy({ ...TABLE, Replicas: [{ Region: "us-east-1" }, { Region: "ap-south-1" }] });
  await expect(deployed).rejects.toThrow("start it with --peer ap-south-1=http://127.0.0.1:PORT");
});
