import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arnOf, newTopic, openRegion, refusal, subscribe, type TestRegion } from "./fixture.ts";

let region: TestRegion;
beforeAll(async () => {
  region = await openRegion();
});
afterAll(() => region.close());

const attributesOf = async (TopicArn: string) =>
  (await region.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes ?? {};

// API reference, CreateTopic: "this action is idempotent".
test("a topic that is made again is the same, unless its attributes or tags differ", async () => {
  const create = (Attributes?: Record<string, string>, Tags?: { Key: string; Value: string }[]) =>
    region.sns.send(new CreateTopicCommand({ Name: "alerts", Attributes, Tags }));
  const tags = [{ Key: "team", Value: "shop" }];
  const { TopicArn } = await create({ DisplayName: "Alerts" }, tags);
  expect(TopicArn).toBe(arnOf("sns", "alerts"));
  expect((await create({ DisplayName: "Alerts" }, tags)).TopicArn).toBe(TopicArn);
  expect((await create()).TopicArn).toBe(TopicArn);
  const differs = refusal("InvalidParameterException", /already exists with different/);
  await expect(create({ DisplayName: "Other" })).rejects.toMatchObject(differs);
  await expect(create({}, [{ Key: "team", Value: "other" }])).rejects.toMatchObject(differs);
});

// API reference, DeleteTopic: deletes a topic and all its subscriptions; deleting one that does not exist is no error.
test("a topic goes with its subscriptions, and is gone however often it is deleted", async () => {
  const topic = await newTopic(region);
  await subscribe(region, topic, "email", "gone@example.com");
  for (const _ of [1, 2]) await region.sns.send(new DeleteTopicCommand({ TopicArn: topic }));
  await expect(attributesOf(topic)).rejects.toMatchObject(refusal("NotFoundException"));
  const { Subscriptions = [] } = await region.sns.send(new ListSubscriptionsCommand({}));
  expect(Subscriptions.filter(({ TopicArn }) => TopicArn === topic)).toEqual([]);
});

// API reference, ListTopics: up to 100 topics a page.
test("topics are listed by name, a hundred a page", async () => {
  const made = await Promise.all(Array.from({ length: 120 }, () => newTopic(region)));
  const first = await region.sns.send(new ListTopicsCommand({}));
  const second = await region.sns.send(new ListTopicsCommand({ NextToken: first.NextToken }));
  expect(first.Topics).toHaveLength(100);
  const found = [...(first.Topics ?? []), ...(second.Topics ?? [])].map(({ TopicArn }) => TopicArn);
  expect(found).toEqual([...found].sort());
  expect(found).toEqual(expect.arrayContaining(made));
});

// API reference, GetTopicAttributes and SetTopicAttributes.
test("attributes are set one at a time, and shown with what is in force", async () => {
  const topic = await newTopic(region, { FifoTopic: "true" });
  const set = (AttributeName: string, AttributeValue: string) =>
    region.sns.send(new SetTopicAttributesCommand({ TopicArn: topic, AttributeName, AttributeValue }));
  await set("ContentBasedDeduplication", "true");
  await set("DeliveryPolicy", JSON.stringify({ http: { defaultHealthyRetryPolicy: { numRetries: 5 } } }));
  const attributes = await attributesOf(topic);
  expect(attributes).toMatchObject({
    TopicArn: topic,
    Owner: "000000000000",
    FifoTopic: "true",
    ContentBasedDeduplication: "true",
    SubscriptionsConfirmed: "0",
    SubscriptionsPending: "0",
  });
  expect(JSON.parse(attributes["EffectiveDeliveryPolicy"] ?? "")).toMatchObject({
    http: { defaultHealthyRetryPolicy: { numRetries: 5, minDelayTarget: 20 } },
  });
  for (const [name, value] of [
    ["FifoTopic", "false"],
    ["Colour", "red"],
    ["ArchivePolicy", '{"MessageRetentionPeriod":1}'],
    ["DeliveryPolicy", '{"http":{"defaultHealthyRetryPolicy":{"numRetries":101}}}'],
    ["DeliveryPolicy", '{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":30}}}'],
    ["DeliveryPolicy", "{"],
  ] as const) {
    await expect(set(name, value)).rejects.toMatchObject(refusal("InvalidParameterException"));
  }
});

test("tags are added, overwritten and removed", async () => {
  const ResourceArn = await newTopic(region);
  const tag = (...Tags: { Key: string; Value: string }[]) =>
    region.sns.send(new TagResourceCommand({ ResourceArn, Tags }));
  await tag({ Key: "a", Value: "1" }, { Key: "b", Value: "2" });
  await tag({ Key: "a", Value: "3" }, { Key: "c", Value: "" });
  await region.sns.send(new UntagResourceCommand({ ResourceArn, TagKeys: ["b"] }));
  const { Tags } = await region.sns.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(Tags).toEqual([
    { Key: "a", Value: "3" },
    { Key: "c", Value: "" },
  ]);
  const many = Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "-" }));
  await expect(tag(...many)).rejects.toMatchObject(refusal("TagLimitExceededException"));
});
