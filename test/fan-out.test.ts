import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SNS } from "@aws-sdk/client-sns";
import { SQS } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PairedRegion, startTwoRegions, type TwoRegions } from "../harness/two-regions.ts";

let regions: TwoRegions;
let sns: SNS;
let sqs: SQS;

beforeAll(async () => {
  regions = await startTwoRegions();
  sns = new SNS(regions.first.settings);
  sqs = new SQS(regions.second.settings);
}, 120_000);

afterAll(async () => {
  sns.destroy();
  sqs.destroy();
  await regions.end();
}, 60_000);

/** Deploys a stack of these resources, as `cdk deploy` would. */
async function deploy({ endpoint }: PairedRegion, Resources: object): Promise<void> {
  const assembly = regions.folder;
  const properties = { templateFile: "template.json" };
  const artifacts = {
    Shop: { type: "aws:cloudformation:stack", environment: "aws://unknown-account/unknown-region", properties },
  };
  writeFileSync(join(assembly, "manifest.json"), JSON.stringify({ version: "36.0.0", artifacts }));
  writeFileSync(join(assembly, "template.json"), JSON.stringify({ Resources }));
  const answer = await fetch(`${endpoint}/_reliq/deploy`, { method: "POST", body: JSON.stringify({ assembly }) });
  if (!answer.ok) throw new Error(await answer.text());
}

test("a queue of one region hears of a topic of another: also of what was published while it could not be reached, and nothing once its stack does not say so any more", async () => {
  const { first, second } = regions;
  const { TopicArn = "" } = await sns.createTopic({ Name: "orders" });
  const Queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "statuses" } };
  const Subscription = {
    Type: "AWS::SNS::Subscription",
    Properties: {
      TopicArn,
      Region: first.name,
      Protocol: "sqs",
      Endpoint: { "Fn::GetAtt": ["Queue", "Arn"] },
      RawMessageDelivery: true,
      FilterPolicy: { kind: ["status"] },
    },
  };
  await deploy(second, { Queue, Subscription });
  const publish = (Message: string, kind = "status") =>
    sns.publish({ TopicArn, Message, MessageAttributes: { kind: { DataType: "String", StringValue: kind } } });
  const QueueUrl = `${second.endpoint}/000000000000/statuses`;
  const receive = async (): Promise<readonly (string | undefined)[]> => {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 10 });
    for (const { ReceiptHandle } of Messages) await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    return Messages.map(({ Body, MessageAttributes }) => Body ?? JSON.stringify(MessageAttributes));
  };
  await publish("other", "other");
  await publish("one");
  expect(await receive()).toEqual(["one"]);
  // Deployed once more it is the same subscription.
  await deploy(second, {
    Queue,
    Subscription: {
      ...Subscription,
      Properties: { ...Subscription.Properties, FilterPolicy: { kind: ["status", "late"] } },
    },
  });
  expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toHaveLength(1);
  await second.kill();
  await publish("two", "late");
  await second.start();
  expect(await receive()).toEqual(["two"]);
  await deploy(second, { Queue });
  expect((await sns.listSubscriptionsByTopic({ TopicArn })).Subscriptions).toEqual([]);
}, 120_000);
