import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { type DeployedResource, FLOW_TYPES, flowOf, stackResources } from "@reliq/aws/region";
import { type Region, startRegion } from "@reliq/local";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesizeApp } from "../harness/synthesize-app.ts";

let directory: string;
let region: Region;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-flow-"));
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0 });
  for (const app of ["event-ingestion", "order-processing", "ordered-trading"]) {
    synthesizeApp(`apps/${app}`, join(directory, app));
    await region.deploy(join(directory, app));
  }
}, 240_000);
afterAll(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

test("CloudFormation's templates tell of the same flow as the local region does, also from stack to stack", async () => {
  const { endpoint } = region;
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const client = new CloudFormationClient({ endpoint, region: "us-east-1", credentials });
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
  const stacks = Stacks.map(({ StackName = "" }) => StackName);
  expect(stacks.length).toBeGreaterThan(5);
  const types = FLOW_TYPES.map((type) => `type=${type}`).join("&");
  const known = (await (await fetch(`${endpoint}/_reliq/resources?${types}`)).json()) as DeployedResource[];
  const expected = flowOf(known);
  expect(expected.edges.length).toBeGreaterThan(60);
  const found = flowOf((await stackResources(client, stacks)).filter(({ type }) => FLOW_TYPES.includes(type)));
  const sorted = (all: readonly object[]): readonly string[] => all.map((each) => JSON.stringify(each)).toSorted();
  expect(sorted(found.nodes)).toEqual(sorted(expected.nodes));
  expect(sorted(found.edges)).toEqual(sorted(expected.edges));
});
