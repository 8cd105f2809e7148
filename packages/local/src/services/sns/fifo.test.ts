import { PublishBatchCommand, PublishCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestClock } from "../sqs/fixture.ts";
import {
  arnOf,
  newQueue,
  newTopic,
  openRegion,
  publish,
  receive,
  refusal,
  subscribeQueue,
  type TestRegion,
} from "./fixture.ts";

const clock = createTestClock();
let region: TestRegion;
beforeAll(async () => {
  region = await openRegion({ clock });
});
afterAll(() => region.close());

const fifoTopic = (attributes: Record<string, string> = {}) => newTopic(region, { FifoTopic: "true", ...attributes });
const RAW = { RawMessageDelivery: "true" };

// Developer guide, "Message ordering details for FIFO topics".
test("each group arrives in its order, on FIFO and on standard queues, under the same ids", async () => {
  const topic = await fifoTopic();
  const fifo = await subscribeQueue(region, topic, RAW, true);
  const standard = await subscribeQueue(region, topic, RAW);
  const sent = Array.from({ length: 30 }, (_, index) => ({ group: `g${index % 3}`, text: `${index}` }));
  for (let from = 0; from < sent.length; from += 10) {
    const PublishBatchRequestEntries = sent.slice(from, from + 10).map(({ group, text }) => {
      return { Id: text, Message: text, MessageGroupId: group, MessageDeduplicationId: text };
    });
    const answer = await region.sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries }));
    const numbers = answer.Successful?.map(({ SequenceNumber = "" }) => SequenceNumber) ?? [];
    expect(numbers).toEqual([...numbers].sort());
    expect(numbers[0]).toMatch(/^\d{20}$/);
  }
  const got = await receive(region, fifo, 30);
  for (const group of ["g0", "g1", "g2"]) {
    const own = got.filter(({ Attributes }) => Attributes?.["MessageGroupId"] === group).map(({ Body }) => Body);
    expect(own).toEqual(sent.filter((each) => each.group === group).map(({ text }) => text));
  }
  expect(got.every(({ Body, Attributes }) => Attributes?.["MessageDeduplicationId"] === Body)).toBe(true);
  expect((await receive(region, standard, 30)).map(({ Body }) => Number(Body)).sort((a, b) => a - b)).toEqual(
    sent.map(({ text }) => Number(text)),
  );
});

// Developer guide, "Message deduplication for FIFO topics": five minutes, by id or by the SHA-256 of the body.
test("a repeat within five minutes is accepted and not delivered", async () => {
  const topic = await fifoTopic({ ContentBasedDeduplication: "true" });
  const queue = await subscribeQueue(region, topic, {}, true);
  const send = (Message: string, id?: string) =>
    region.sns.send(new PublishCommand({ TopicArn: topic, Message, MessageGroupId: "g", MessageDeduplicationId: id }));
  const first = await send("same");
  const repeat = await send("same");
  expect(repeat).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
  await send("same", "another-id");
  clock.advance(301);
  const later = await send("same");
  expect(later.MessageId).not.toBe(first.MessageId);
  const messages = (await receive(region, queue, 3)).map(({ Body }) => JSON.parse(Body ?? ""));
  expect(messages[0]).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
  expect(messages[2]).toMatchObject({ MessageId: later.MessageId });
});

// API reference, CreateTopic, FifoThroughputScope: with MessageGroup, deduplication is within the group.
test("by group, the same message in another group is another message", async () => {
  const topic = await fifoTopic({ ContentBasedDeduplication: "true", FifoThroughputScope: "MessageGroup" });
  const ids = ["a", "b", "a"].map((MessageGroupId) => publish(region, topic, "same", { MessageGroupId }));
  expect(new Set(await Promise.all(ids)).size).toBe(2);
});

// API reference, Publish, MessageGroupId and MessageDeduplicationId.
test("what FIFO topics need is required there, and refused elsewhere", async () => {
  const fifo = await fifoTopic();
  const standard = await newTopic(region);
  const invalid = refusal("InvalidParameterException");
  await expect(publish(region, fifo, "-", { MessageDeduplicationId: "1" })).rejects.toMatchObject(invalid);
  await expect(publish(region, fifo, "-", { MessageGroupId: "g" })).rejects.toMatchObject(invalid);
  const id = { MessageGroupId: "g g", MessageDeduplicationId: "1" };
  await expect(publish(region, fifo, "-", id)).rejects.toMatchObject(invalid);
  await expect(publish(region, standard, "-", { MessageDeduplicationId: "1" })).rejects.toMatchObject(invalid);
});

// SQS developer guide, "Fair queues": a group on a standard topic goes on to standard queues.
test("a standard topic hands a group on, and keeps no order for it", async () => {
  const topic = await newTopic(region);
  const queue = await subscribeQueue(region, topic);
  await publish(region, topic, "hello", { MessageGroupId: "tenant" });
  expect(await receive(region, queue)).toMatchObject([{ Body: "hello", Attributes: { MessageGroupId: "tenant" } }]);
});

// Developer guide, "Dead-letter queues": FIFO subscriptions use FIFO queues.
test("the dead letters of a FIFO topic keep their order", async () => {
  const topic = await fifoTopic({ ContentBasedDeduplication: "true" });
  const dead = await newQueue(region, true);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("sqs", dead) });
  const queue = await subscribeQueue(region, topic, { ...RAW, RedrivePolicy }, true);
  await region.region.call("sqs", "DeleteQueue", { QueueUrl: queue });
  for (const text of ["1", "2", "3"]) await publish(region, topic, text, { MessageGroupId: "g" });
  expect((await receive(region, dead, 3)).map(({ Body }) => Body)).toEqual(["1", "2", "3"]);
});
