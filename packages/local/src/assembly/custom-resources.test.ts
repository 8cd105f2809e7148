import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAssembly } from "../../test/assembly-fixture.ts";
import { type Region, startRegion } from "../region.ts";

let directory: string;
let region: Region;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-custom-"));
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0 });
});
afterEach(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What `logRetention: 7` on a function synthesizes, its handler included. */
function deploy(properties?: object) {
  const ServiceToken = { "Fn::GetAtt": ["Handler", "Arn"] };
  const LogGroupName = "/aws/lambda/orders";
  const retention = { Type: "Custom::LogRetention", Properties: { ServiceToken, LogGroupName, ...properties } };
  const handler = { Type: "AWS::Lambda::Function", Properties: { Runtime: "python3.13", Code: { ZipFile: "pass" } } };
  const Resources = {
    Q: { Type: "AWS::SQS::Queue" },
    ...(properties && { Handler: handler, Retention: retention }),
  };
  return region.deploy(writeAssembly(join(directory, "cdk.out"), { S: { template: { Resources } } }));
}

async function groups(): Promise<unknown> {
  return (await region.call("logs", "DescribeLogGroups", { logGroupNamePrefix: "/aws/lambda/" }))["logGroups"];
}

test("log retention is set directly, on a group that it creates, and its function is set aside", async () => {
  const { withoutEffect } = await deploy({ RetentionInDays: 7 });
  expect(await groups()).toMatchObject([{ logGroupName: "/aws/lambda/orders", retentionInDays: 7 }]);
  expect(withoutEffect).toEqual([
    {
      type: "AWS::Lambda::Function",
      count: 1,
      reason: "it serves a custom resource, whose effect is carried out directly",
    },
  ]);
  await deploy({ RetentionInDays: "14" });
  expect(await groups()).toMatchObject([{ retentionInDays: 14 }]);
  await deploy({});
  expect(await groups()).toEqual([expect.not.objectContaining({ retentionInDays: expect.anything() })]);
});

test.each([
  ["stays", "retain", 1],
  ["goes", "destroy", 0],
])("when the retention leaves the template, the log group %s with the removal policy %s", async (_, policy, left) => {
  await deploy({ RetentionInDays: 7, RemovalPolicy: policy });
  await deploy();
  expect(await groups()).toHaveLength(left);
});
