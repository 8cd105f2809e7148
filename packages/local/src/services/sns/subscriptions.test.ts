import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  arnOf,
  newQueue,
  newTopic,
  openRegion,
  publish,
  receive,
  refusal,
  subscribe,
  subscribeQueue,
  type TestRegion,
} from "./fixture.ts";

let region: TestRegion;
beforeAll(async () => {
  region = await openRegion();
});
afterAll(() => region.close());

const invalid = refusal("InvalidParameterException");
const attributesOf = async (SubscriptionArn: string) =>
  (await region.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ?? {};
const set = (SubscriptionArn: string, AttributeName: string, AttributeValue: string) =>
  region.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }));

// API reference, Subscribe.
test("an endpoint that subscribes again keeps its subscription, unless its attributes differ", async () => {
  const topic = await newTopic(region);
  const queue = arnOf("sqs", await newQueue(region));
  const arn = await subscribe(region, topic, "sqs", queue, { RawMessageDelivery: "true" });
  expect(arn).toMatch(new RegExp(`^${topic}:[0-9a-f-]{36}$`));
  expect(await subscribe(region, topic, "sqs", queue)).toBe(arn);
  await expect(subscribe(region, topic, "sqs", queue, { RawMessageDelivery: "false" })).rejects.toMatchObject(invalid);
  const { Subscriptions } = await region.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(Subscriptions).toEqual([
    { SubscriptionArn: arn, Owner: "000000000000", Protocol: "sqs", Endpoint: queue, TopicArn: topic },
  ]);
});

test("an endpoint that is not of its protocol is refused", async () => {
  const topic = await newTopic(region);
  const fifo = await newTopic(region, { FifoTopic: "true" });
  for (const [target, protocol, endpoint] of [
    [topic, "sqs", "https://example.com/queue"],
    [topic, "sqs", arnOf("sqs", "orders.fifo")],
    [topic, "lambda", arnOf("sqs", "orders")],
    [topic, "http", "https://example.com"],
    [topic, "email", "nobody"],
    [topic, "sms", "call me"],
    [topic, "firehose", arnOf("firehose", "stream")],
    [topic, "pigeon", "-"],
    [fifo, "email", "a@example.com"],
  ] as const) {
    await expect(subscribe(region, target, protocol, endpoint)).rejects.toMatchObject(invalid);
  }
  await expect(subscribe(region, arnOf("sns", "none"), "email", "a@b.c")).rejects.toMatchObject(
    refusal("NotFoundException"),
  );
});

// API reference, SetSubscriptionAttributes.
test("attributes are set one at a time, and hold for what is published from then on", async () => {
  const topic = await newTopic(region);
  const queue = await newQueue(region);
  const arn = await subscribe(region, topic, "sqs", arnOf("sqs", queue));
  await set(arn, "RawMessageDelivery", "true");
  await set(arn, "FilterPolicyScope", "MessageBody");
  await set(arn, "FilterPolicy", '{"colour":["red"]}');
  expect(await attributesOf(arn)).toMatchObject({
    SubscriptionArn: arn,
    TopicArn: topic,
    RawMessageDelivery: "true",
    FilterPolicy: '{"colour":["red"]}',
    FilterPolicyScope: "MessageBody",
    PendingConfirmation: "false",
  });
  await publish(region, topic, '{"colour":"blue"}');
  await publish(region, topic, '{"colour":"red"}');
  await set(arn, "FilterPolicy", "");
  await publish(region, topic, "any");
  expect((await receive(region, queue, 2)).map(({ Body }) => Body).sort()).toEqual(["any", '{"colour":"red"}']);
});

test("an attribute out of its rules is refused, and changes nothing", async () => {
  const topic = await newTopic(region);
  const arn = await subscribe(region, topic, "email", "a@example.com");
  const before = await attributesOf(arn);
  for (const [name, value] of [
    ["RawMessageDelivery", "yes"],
    ["RawMessageDelivery", "true"],
    ["DeliveryPolicy", "{}"],
    ["FilterPolicyScope", "Subject"],
    ["FilterPolicy", "[]"],
    ["RedrivePolicy", '{"deadLetterTargetArn":"none"}'],
    ["RedrivePolicy", JSON.stringify({ deadLetterTargetArn: arnOf("sqs", "dead.fifo") })],
    ["ReplayPolicy", "{}"],
    ["Colour", "red"],
  ] as const) {
    await expect(set(arn, name, value)).rejects.toMatchObject(invalid);
  }
  expect(await attributesOf(arn)).toEqual(before);
});

// API reference, Unsubscribe.
test("one that has unsubscribed gets nothing more, however often it does; its link does the same", async () => {
  const topic = await newTopic(region);
  const queue = await subscribeQueue(region, topic, {});
  await publish(region, topic, "first");
  const [message] = await receive(region, queue);
  const { UnsubscribeURL } = JSON.parse(message?.Body ?? "");
  expect((await fetch(UnsubscribeURL)).status).toBe(200);
  const SubscriptionArn = new URL(UnsubscribeURL).searchParams.get("SubscriptionArn") ?? "";
  await region.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  await expect(attributesOf(SubscriptionArn)).rejects.toMatchObject(refusal("NotFoundException"));
  const { Subscriptions } = await region.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(Subscriptions).toEqual([]);
});
