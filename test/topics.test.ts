import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Region, startRegion } from "@reliq/local";
import { App, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SnsDestination } from "aws-cdk-lib/aws-lambda-destinations";
import { FilterOrPolicy, SubscriptionFilter, Topic } from "aws-cdk-lib/aws-sns";
import {
  EmailSubscription,
  LambdaSubscription,
  SmsSubscription,
  SqsSubscription,
  UrlSubscription,
} from "aws-cdk-lib/aws-sns-subscriptions";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:alerts";
const FAIL = 'exports.handler = async () => { throw new Error("no"); };';

let directory: string;
let region: Region;
let sns: SNSClient;
let sqs: SQSClient;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-topics-"));
  region = await startRegion({ stateDirectory: join(directory, "state"), port: 0 });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const settings = { endpoint: region.endpoint, region: "us-east-1", credentials };
  sns = new SNSClient(settings);
  sqs = new SQSClient(settings);
});
afterEach(async () => {
  await region.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What a small CDK app synthesizes: a topic, and one subscription of each kind, or only the address of a person. */
function synthesize(email: string, all = true): string {
  const app = new App({ outdir: mkdtempSync(join(directory, "cdk-")), analyticsReporting: false });
  const stack = new Stack(app, "Shop");
  const topic = new Topic(stack, "Alerts", { topicName: "alerts", displayName: "Alerts", enforceSSL: true });
  topic.addSubscription(new EmailSubscription(email));
  if (all) subscribeAll(stack, topic);
  return app.synth().directory;
}

function subscribeAll(stack: Stack, topic: Topic): void {
  const red = { colour: SubscriptionFilter.stringFilter({ allowlist: ["red"], matchPrefixes: ["dark-"] }) };
  const deadLetterQueue = new Queue(stack, "Dead", { queueName: "dead" });
  const attributes = new Queue(stack, "Attributes", { queueName: "attributes" });
  topic.addSubscription(
    new SqsSubscription(attributes, { rawMessageDelivery: true, filterPolicy: red, deadLetterQueue }),
  );
  const price = SubscriptionFilter.numericFilter({ greaterThan: 100 });
  const filterPolicyWithMessageBody = { price: FilterOrPolicy.filter(price) };
  const bodies = new Queue(stack, "Bodies", { queueName: "bodies" });
  topic.addSubscription(new SqsSubscription(bodies, { filterPolicyWithMessageBody }));
  topic.addSubscription(new SmsSubscription("+15550100"));
  topic.addSubscription(new UrlSubscription("https://example.com/hook"));
  const code = join(directory, "code");
  mkdirSync(code, { recursive: true });
  writeFileSync(join(code, "index.js"), FAIL);
  const failing = new LambdaFunction(stack, "Failing", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(code),
    retryAttempts: 0,
    onFailure: new SnsDestination(failures(stack)),
  });
  topic.addSubscription(new LambdaSubscription(failing, { deadLetterQueue }));
}

function failures(stack: Stack): Topic {
  const topic = new Topic(stack, "Failures");
  const failed = new Queue(stack, "Failed", { queueName: "failed" });
  topic.addSubscription(new SqsSubscription(failed, { rawMessageDelivery: true }));
  return topic;
}

async function receive(queue: string, count: number): Promise<string[]> {
  const found: Message[] = [];
  while (found.length < count) {
    const command = new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
    found.push(...((await sqs.send(command)).Messages ?? []));
  }
  return found.map(({ Body }) => Body ?? "");
}

const endpoints = async () => {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC }));
  return Subscriptions.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint?.split(":").at(-1)}`).sort();
};

test("what aws-sns-subscriptions synthesizes delivers to queues, a function and the outbox", {
  timeout: 60_000,
}, async () => {
  await region.deploy(synthesize("a@example.com"));
  const colour = { DataType: "String", StringValue: "dark-red" };
  const command = { TopicArn: TOPIC, Subject: "Sold", Message: '{"price":101}', MessageAttributes: { colour } };
  await sns.send(new PublishCommand(command));
  expect(await receive("attributes", 1)).toEqual(['{"price":101}']);
  const [body] = await receive("bodies", 1);
  expect(JSON.parse(body ?? "")).toMatchObject({ Subject: "Sold", Message: '{"price":101}' });
  const [failed] = await receive("failed", 1);
  const { requestPayload } = JSON.parse(failed ?? "");
  expect(requestPayload.Records[0].Sns).toMatchObject({ Message: '{"price":101}' });
  const { Entries } = await region.call("sns", "ReliqListOutbox", {});
  expect((Entries as { Kind: string }[]).map(({ Kind }) => Kind).sort()).toEqual(["email", "https", "sms"]);
});

test("a stack that changes brings its subscriptions to what it says, and takes them along when it goes", async () => {
  await region.deploy(synthesize("a@example.com"));
  expect(await endpoints()).toHaveLength(6);
  await region.deploy(synthesize("b@example.com", false));
  expect(await endpoints()).toEqual(["email b@example.com"]);
  await region.call("cloudformation", "DeleteStack", { StackName: "Shop" });
  await expect(endpoints()).rejects.toMatchObject({ name: "NotFoundException" });
});
