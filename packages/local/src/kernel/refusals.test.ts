import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeEndpointsCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient, ListLayersCommand } from "@aws-sdk/client-lambda";
import { GetBucketCorsCommand, S3Client } from "@aws-sdk/client-s3";
import { AddPermissionCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Region, startRegion } from "../region.ts";

let directory: string;
let region: Region;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-refusals-"));
  region = await startRegion({ stateDirectory: directory, port: 0 });
});
afterAll(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

const settings = () => ({
  endpoint: region.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});
const signedFor = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, Signature=0`,
});

async function post(path: string, headers: Record<string, string>, body: string) {
  const answer = await fetch(region.endpoint + path, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}
const form = (service: string, fields: Record<string, string>) =>
  post(
    "/",
    { ...signedFor(service), "content-type": "application/x-www-form-urlencoded" },
    `${new URLSearchParams(fields)}`,
  );

// "Common errors" of each service's API reference: an unknown operation is UnknownOperationException on JSON, InvalidAction on Query.
test("an action that is not there is refused by name, on AWS JSON", async () => {
  const QueueUrl = `${region.endpoint}/000000000000/orders`;
  const permission = { QueueUrl, Label: "l", AWSAccountIds: ["1"], Actions: ["SendMessage"] };
  await expect(new SQSClient(settings()).send(new AddPermissionCommand(permission))).rejects.toMatchObject({
    message: expect.stringMatching(/^The local region does not serve sqs:AddPermission\. docs\/reference/),
  });
  await expect(new DynamoDBClient(settings()).send(new DescribeEndpointsCommand({}))).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: expect.stringContaining("dynamodb:DescribeEndpoints"),
  });
});

test("an action that is not there is refused by name, on Query", async () => {
  for (const [service, Action] of [
    ["cloudformation", "CreateStack"],
    ["sqs", "AddPermission"],
  ] as const) {
    const { status, text } = await form(service, { Action });
    expect(status).toBe(400);
    expect(text).toContain(`<Code>InvalidAction</Code><Message>The local region does not serve ${service}:${Action}.`);
  }
});

test("an action that is not there is refused by its method and path, on REST-JSON", async () => {
  await expect(new LambdaClient(settings()).send(new ListLayersCommand({}))).rejects.toMatchObject({
    name: "UnknownOperationException",
    message: expect.stringContaining("The local region does not serve lambda:GET /2018-10-31/layers"),
  });
});

test("an action that is not there is refused by its method and sub-resource, on REST-XML", async () => {
  const client = new S3Client({ ...settings(), forcePathStyle: true });
  await expect(client.send(new GetBucketCorsCommand({ Bucket: "orders" }))).rejects.toMatchObject({
    name: "NotImplemented",
    message: "The local region does not serve GET ?cors of an S3 bucket.",
  });
});

test("a service that is not there is refused by name, whichever protocol it speaks", async () => {
  const json = await post("/", { "x-amz-target": "Kinesis_20131202.PutRecord" }, "{}");
  expect(JSON.parse(json.text).message).toContain("does not serve Kinesis_20131202:PutRecord");
  expect((await form("autoscaling", { Action: "DescribePolicies" })).text).toContain(
    "does not serve autoscaling:DescribePolicies",
  );
  const rest = await post("/v2/apis", signedFor("apigateway"), "{}");
  expect(JSON.parse(rest.text).message).toContain("does not serve apigateway:POST /v2/apis");
});

// SQS API reference, SendMessage, "Errors"; DynamoDB developer guide, "Error handling".
test("a malformed call gets the service's own error code, on AWS JSON", async () => {
  const message = { QueueUrl: "", MessageBody: "" };
  await expect(new SQSClient(settings()).send(new SendMessageCommand(message))).rejects.toMatchObject({
    name: "MissingParameter",
  });
  const item = { TableName: "?", Item: {} };
  await expect(new DynamoDBClient(settings()).send(new PutItemCommand(item))).rejects.toMatchObject({
    name: "ValidationException",
  });
  const broken = await post("/", { "x-amz-target": "AmazonSQS.SendMessage" }, "{");
  expect(JSON.parse(broken.text)).toMatchObject({ __type: expect.stringContaining("SerializationException") });
});

// CloudFormation API reference, "Common errors"; SQS API reference, "Common errors".
test("a malformed call gets the service's own error code, on Query", async () => {
  const events = await form("cloudformation", { Action: "DescribeStackEvents" });
  expect(events.text).toContain("<Code>ValidationError</Code>");
  const message = await form("sqs", { Action: "SendMessage" });
  expect(message.text).toContain("<Code>MissingParameter</Code>");
});

// Lambda API reference, Invoke, "Errors".
test("a malformed call gets the service's own error code, on REST-JSON", async () => {
  const payload = { FunctionName: "orders", Payload: Buffer.from("not json") };
  await expect(new LambdaClient(settings()).send(new InvokeCommand(payload))).rejects.toMatchObject({
    name: "InvalidRequestContentException",
  });
});

// S3 API reference, "Error responses".
test("a malformed call gets the service's own error code, on REST-XML", async () => {
  const { endpoint } = region;
  const answer = await fetch(`${endpoint}/orders?tagging`, {
    method: "PUT",
    headers: signedFor("s3"),
    body: "<Tagging>",
  });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("<Code>MalformedXML</Code>");
});
