import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { type Region, startRegion } from "../../region.ts";

let directory: string;
let region: Region;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-cloudformation-"));
  const template = {
    Description: "Queues <of> the shop",
    Parameters: { Stage: { Type: "String", Default: "dev" } },
    Resources: { Orders: { Type: "AWS::SQS::Queue", Properties: { QueueName: "orders" } } },
    Outputs: {
      Url: { Value: { Ref: "Orders" }, Description: "where to send", Export: { Name: "shop:Url" } },
      Stage: { Value: { Ref: "Stage" } },
    },
  };
  const assembly = writeAssembly(join(directory, "cdk.out"), { Shop: { template }, Other: { template: {} } });
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0, assembly });
});
afterAll(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Calls an action as a Query client does, signed for CloudFormation. */
async function query(
  Action: string,
  parameters: Record<string, string> = {},
): Promise<{ status: number; xml: string }> {
  const response = await fetch(region.endpoint, {
    method: "POST",
    headers: { authorization: "AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/cloudformation/aws4_request" },
    body: new URLSearchParams({ Action, Version: "2010-05-15", ...parameters }),
  });
  return { status: response.status, xml: await response.text() };
}

const STACK_ID = /arn:aws:cloudformation:us-east-1:000000000000:stack\/Shop\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

test("DescribeStacks gives status, parameters and outputs", async () => {
  const { status, xml } = await query("DescribeStacks", { StackName: "Shop" });
  expect(status).toBe(200);
  expect(xml).toMatch(/<DescribeStacksResult><Stacks><member><StackId>/);
  expect(xml).toMatch(STACK_ID);
  expect(xml).toContain("<Description>Queues &lt;of&gt; the shop</Description>");
  expect(xml).toContain("<StackStatus>CREATE_COMPLETE</StackStatus>");
  expect(xml).toContain("<member><ParameterKey>Stage</ParameterKey><ParameterValue>dev</ParameterValue></member>");
  const url = `<OutputValue>${region.endpoint}/000000000000/orders</OutputValue>`;
  expect(xml).toContain(`<OutputKey>Url</OutputKey>${url}<Description>where to send</Description>`);
});

test("a stack is found by its id, and all are listed without a name", async () => {
  const id = STACK_ID.exec((await query("DescribeStacks")).xml)?.[0] ?? "";
  const { xml } = await query("DescribeStacks", { StackName: id });
  expect(xml.match(/<StackName>/g)).toHaveLength(1);
  expect((await query("DescribeStacks")).xml.match(/<StackName>/g)).toHaveLength(2);
});

test.each([
  ["DescribeStacks", "Stack with id none does not exist"],
  ["DescribeStackResources", "Stack with id none does not exist"],
  ["DescribeStackEvents", "Stack [none] does not exist"],
])("%s of a stack that does not exist is a ValidationError in AWS's words", async (action, message) => {
  const { status, xml } = await query(action, { StackName: "none" });
  expect(status).toBe(400);
  expect(xml).toContain(`<Code>ValidationError</Code><Message>${message}</Message>`);
});

test("DescribeStackResources gives logical and physical ids, by stack or by physical id", async () => {
  const url = `${region.endpoint}/000000000000/orders`;
  for (const by of [{ StackName: "Shop" }, { PhysicalResourceId: url }]) {
    const { xml } = await query("DescribeStackResources", by);
    expect(xml).toContain(
      `<LogicalResourceId>Orders</LogicalResourceId><PhysicalResourceId>${url}</PhysicalResourceId><ResourceType>AWS::SQS::Queue</ResourceType>`,
    );
  }
  expect((await query("DescribeStackResources")).xml).toContain("<Code>ValidationError</Code>");
});

test("DescribeStackEvents gives what happened, newest first", async () => {
  const { xml } = await query("DescribeStackEvents", { StackName: "Shop" });
  const statuses = [...xml.matchAll(/<LogicalResourceId>(\w+)<.*?<ResourceStatus>(\w+)</g)].map(([, id, status]) => [
    id,
    status,
  ]);
  expect(statuses).toEqual([
    ["Shop", "CREATE_COMPLETE"],
    ["Orders", "CREATE_COMPLETE"],
    ["Orders", "CREATE_IN_PROGRESS"],
    ["Shop", "CREATE_IN_PROGRESS"],
  ]);
});

test("ListStacks filters by status", async () => {
  const all = await query("ListStacks", { "StackStatusFilter.member.1": "CREATE_COMPLETE" });
  expect(all.xml.match(/<StackName>/g)).toHaveLength(2);
  const none = await query("ListStacks", { "StackStatusFilter.member.1": "DELETE_COMPLETE" });
  expect(none.xml).toContain("<ListStacksResult><StackSummaries></StackSummaries></ListStacksResult>");
});

test("ListExports names what other stacks can import", async () => {
  expect((await query("ListExports")).xml).toContain(
    `<Name>shop:Url</Name><Value>${region.endpoint}/000000000000/orders`,
  );
});

test("DeleteStack removes a stack's resources, unless another stack imports from it", async () => {
  const Resources = { Gone: { Type: "AWS::SQS::Queue", Properties: { QueueName: "gone" } } };
  const Outputs = { Name: { Value: "gone", Export: { Name: "first:Name" } } };
  const Tags = [{ Key: "of", Value: { "Fn::ImportValue": "first:Name" } }];
  const second = { Resources: { Kept: { Type: "AWS::SQS::Queue", DeletionPolicy: "Retain", Properties: { Tags } } } };
  const stacks = { First: { template: { Resources, Outputs } }, Second: { template: second } };
  await region.deploy(writeAssembly(join(directory, "more.out"), stacks));
  const refusal = await query("DeleteStack", { StackName: "First" });
  expect(refusal.xml).toContain("<Message>Export first:Name cannot be deleted as it is in use by Second</Message>");
  expect((await query("DeleteStack", { StackName: "Second" })).status).toBe(200);
  expect((await query("DeleteStack", { StackName: "First" })).status).toBe(200);
  expect((await query("DescribeStacks", { StackName: "First" })).xml).toContain("Stack with id First does not exist");
  const urls = (await region.call("sqs", "ListQueues", {}))["QueueUrls"] as string[];
  expect(
    urls.map((url) =>
      url
        .split("/")
        .at(-1)
        ?.replace(/-[0-9a-f]{8}$/, ""),
    ),
  ).toEqual(["Second-Kept", "orders"]);
  expect((await query("DeleteStack", { StackName: "never" })).status).toBe(200);
  const retaining = await query("DeleteStack", { StackName: "Shop", "RetainResources.member.1": "Queue" });
  expect(retaining.xml).toContain("<Message>The local region does not serve RetainResources");
});

test("an action that is not served is refused by name", async () => {
  const { status, xml } = await query("CreateStack");
  expect(status).toBe(400);
  expect(xml).toContain("The local region does not serve cloudformation:CreateStack");
});

const run = promisify(execFile);
const awscli = await run("aws", ["--version"]).then(
  () => true,
  () => false,
);

test.skipIf(!awscli)(
  "the AWS CLI reads a stack's outputs and events (skipped where `aws` is not installed)",
  async () => {
    const env = { ...process.env, AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "s", AWS_DEFAULT_REGION: "us-east-1" };
    const aws = async (...args: string[]) => {
      const options = ["--endpoint-url", region.endpoint, "--output", "json"];
      return JSON.parse((await run("aws", ["cloudformation", ...args, ...options], { env })).stdout);
    };
    const { Stacks } = await aws("describe-stacks", "--stack-name", "Shop");
    expect(Stacks[0].Outputs).toContainEqual({ OutputKey: "Stage", OutputValue: "dev" });
    const { StackEvents } = await aws("describe-stack-events", "--stack-name", "Shop");
    expect(StackEvents).toHaveLength(4);
    const { StackResources } = await aws("describe-stack-resources", "--stack-name", "Shop");
    expect(StackResources[0].PhysicalResourceId).toBe(`${region.endpoint}/000000000000/orders`);
    await expect(aws("describe-stacks", "--stack-name", "none")).rejects.toThrow(
      "An error occurred (ValidationError) when calling the DescribeStacks operation: Stack with id none does not exist",
    );
  },
);

test("GetTemplate gives the template as it was written, ListStackResources each resource by its physical id", async () => {
  const { xml } = await query("GetTemplate", { StackName: "Shop" });
  const body = /<TemplateBody>(.*)<\/TemplateBody>/s.exec(xml)?.[1] ?? "";
  expect(JSON.parse(body.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">"))).toMatchObject({
    Description: "Queues <of> the shop",
    Outputs: { Url: { Value: { Ref: "Orders" } } },
  });
  const listed = (await query("ListStackResources", { StackName: "Shop" })).xml;
  expect(listed).toContain(`<PhysicalResourceId>${region.endpoint}/000000000000/orders</PhysicalResourceId>`);
  const unknown = await query("ListStackResources", { StackName: "None" });
  expect([unknown.status, unknown.xml]).toEqual([400, expect.stringContaining("does not exist")]);
});
