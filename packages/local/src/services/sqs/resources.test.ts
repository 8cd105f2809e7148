import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ResourceProvider } from "../../kernel/resource.ts";
import type { Members, World } from "../../kernel/service.ts";
import { createServiceMetrics } from "../../kernel/service-metrics.ts";
import { openStore, type Store } from "../../kernel/store.ts";
import { createTraces } from "../../kernel/traces.ts";
import { createTestClock } from "./fixture.ts";
import { sqsService } from "./service.ts";

let directory: string;
let store: Store;
let provider: ResourceProvider;
let policies: ResourceProvider;
let call: (action: string, input: Members) => Promise<Members>;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "reliq-sqs-"));
  store = openStore(directory);
  const clock = createTestClock();
  const service = sqsService({
    store,
    clock,
    metrics: createServiceMetrics(clock),
    traces: createTraces(clock),
    accountId: "000000000000",
    region: "us-east-1",
    peers: {},
    endpoint: () => "http://127.0.0.1:4566",
    report: () => {},
  } as unknown as World);
  provider = service.resources?.["AWS::SQS::Queue"] as ResourceProvider;
  policies = service.resources?.["AWS::SQS::QueuePolicy"] as ResourceProvider;
  call = async (action, input) =>
    (await service.actions[action]?.(input, { requestId: "r", signal: new AbortController().signal })) ?? {};
});
afterEach(async () => {
  store.close();
  await rm(directory, { recursive: true, force: true });
});

const put = (properties: Members, name = "stack-Queue-1") =>
  provider.put({
    stackName: "stack",
    logicalId: "Queue",
    type: "AWS::SQS::Queue",
    properties,
    name,
    asset: (key) => key,
  });
const attributes = async (url: string) =>
  (await call("GetQueueAttributes", { QueueUrl: url, AttributeNames: ["All"] }))["Attributes"];

// source: AWS CloudFormation, AWS::SQS::Queue
test("a queue has its name, URL and ARN", async () => {
  expect(await put({ QueueName: "reliable_q" })).toEqual({
    ref: "http://127.0.0.1:4566/000000000000/reliable_q",
    attributes: {
      Arn: "arn:aws:sqs:us-east-1:000000000000:reliable_q",
      QueueName: "reliable_q",
      QueueUrl: "http://127.0.0.1:4566/000000000000/reliable_q",
    },
  });
  expect((await put({})).attributes["QueueName"]).toBe("stack-Queue-1");
  expect((await put({ FifoQueue: true })).attributes["QueueName"]).toBe("stack-Queue-1.fifo");
});

// source: AWS CloudFormation, AWS::SQS::Queue: properties
test("its properties become the queue's attributes and tags", async () => {
  const dead = await put({ QueueName: "dead.fifo", FifoQueue: true });
  const { ref } = await put({
    QueueName: "q.fifo",
    FifoQueue: true,
    VisibilityTimeout: 6,
    MessageRetentionPeriod: 1_209_600,
    ContentBasedDeduplication: true,
    DeduplicationScope: "messageGroup",
    FifoThroughputLimit: "perMessageGroupId",
    RedrivePolicy: { deadLetterTargetArn: dead.attributes["Arn"], maxReceiveCount: 3 },
    SqsManagedSseEnabled: true,
    Tags: [{ Key: "cost", Value: "trading" }],
  });
  expect(await attributes(ref)).toMatchObject({
    VisibilityTimeout: "6",
    MessageRetentionPeriod: "1209600",
    ContentBasedDeduplication: "true",
    FifoThroughputLimit: "perMessageGroupId",
    RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead.fifo","maxReceiveCount":3}',
  });
  expect(await call("ListQueueTags", { QueueUrl: ref })).toEqual({ Tags: { cost: "trading" } });
});

// source: AWS CloudFormation, AWS::SQS::Queue: update requires no interruption
test("put again, it takes the new properties, forgets the old ones and keeps its messages", async () => {
  const { ref } = await put({
    QueueName: "q",
    VisibilityTimeout: 6,
    DelaySeconds: 0,
    ReceiveMessageWaitTimeSeconds: 20,
  });
  await call("SendMessage", { QueueUrl: ref, MessageBody: "kept" });
  await call("SetQueueAttributes", { QueueUrl: ref, Attributes: { Policy: "{}" } });
  expect((await put({ QueueName: "q", VisibilityTimeout: 7 })).ref).toBe(ref);
  expect(await attributes(ref)).toMatchObject({
    VisibilityTimeout: "7",
    ReceiveMessageWaitTimeSeconds: "0",
    Policy: "{}",
    ApproximateNumberOfMessages: "1",
  });
});

// source: AWS CloudFormation, "DeletionPolicy attribute"
test("removed, it is gone, and can be removed again", async () => {
  const resource = await put({ QueueName: "q" });
  await provider.remove(resource);
  await provider.remove(resource);
  await expect(attributes(resource.ref)).rejects.toMatchObject({ code: "QueueDoesNotExist" });
});

test("a queue shows the policy of its template, also once it is deployed anew, until the template has none", async () => {
  const { ref } = await put({ QueueName: "told" });
  const PolicyDocument = { Statement: [{ Effect: "Allow", Principal: { Service: "sns.amazonaws.com" } }] };
  const request = { stackName: "stack", logicalId: "Policy", type: "AWS::SQS::QueuePolicy", name: "p", asset: String };
  const made = await policies.put({ ...request, properties: { PolicyDocument, Queues: [ref] } });
  await put({ QueueName: "told", VisibilityTimeout: 5 });
  expect(await attributes(ref)).toMatchObject({ Policy: JSON.stringify(PolicyDocument), VisibilityTimeout: "5" });
  await policies.remove(made);
  expect(await attributes(ref)).not.toHaveProperty("Policy");
});
