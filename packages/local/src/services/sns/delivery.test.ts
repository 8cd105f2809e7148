import { CreateTopicCommand, PublishBatchCommand, PublishCommand } from "@aws-sdk/client-sns";
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

const COLOUR = { DataType: "String", StringValue: "red" };
const IMAGE = { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) };

// Developer guide, "Parsing message formats": HTTP/HTTPS notification JSON format, which queues get too.
test("a queue gets a message in an envelope, with its subject and attributes", async () => {
  const topic = await newTopic(region);
  const queue = await subscribeQueue(region, topic, {});
  const MessageAttributes = { colour: COLOUR, image: IMAGE };
  const MessageId = await publish(region, topic, "<hello & \r\n>", { Subject: "Greeting", MessageAttributes });
  const [message] = await receive(region, queue);
  expect(JSON.parse(message?.Body ?? "")).toEqual({
    Type: "Notification",
    MessageId,
    TopicArn: topic,
    Subject: "Greeting",
    Message: "<hello & \r\n>",
    Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    SignatureVersion: "1",
    Signature: expect.any(String),
    SigningCertURL: expect.stringContaining(".pem"),
    UnsubscribeURL: expect.stringContaining(`${region.region.endpoint}/?Action=Unsubscribe&SubscriptionArn=`),
    MessageAttributes: { colour: { Type: "String", Value: "red" }, image: { Type: "Binary", Value: "AP8=" } },
  });
  expect(message?.MessageAttributes).toBeUndefined();
});

// Developer guide, "Amazon SNS raw message delivery": attributes are the queue's message attributes then.
test("raw, a queue gets the text as it was published and the attributes as its own", async () => {
  const topic = await newTopic(region);
  const queue = await subscribeQueue(region, topic);
  await publish(region, topic, "hello", { Subject: "-", MessageAttributes: { colour: COLOUR, image: IMAGE } });
  const [message] = await receive(region, queue);
  expect(message?.Body).toBe("hello");
  expect(message?.MessageAttributes).toMatchObject({
    colour: COLOUR,
    image: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
  });
});

// Developer guide, "Message attributes" for raw delivery: a message with more than 10 is discarded as a client-side error.
test("raw, a message with more than ten attributes does not arrive: it goes to the dead-letter queue, in an envelope", async () => {
  const topic = await newTopic(region);
  const dead = await newQueue(region);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf("sqs", dead) });
  await subscribeQueue(region, topic, { RawMessageDelivery: "true", RedrivePolicy });
  const MessageAttributes = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, COLOUR]));
  await publish(region, topic, "too many", { MessageAttributes });
  const [letter] = await receive(region, dead);
  expect(JSON.parse(letter?.Body ?? "")).toMatchObject({ Message: "too many", MessageAttributes: { a10: {} } });
});

// API reference, Publish, MessageStructure.
test("each protocol gets its own text where the message is a structure, and the default else", async () => {
  const topic = await newTopic(region);
  const queue = await subscribeQueue(region, topic);
  await subscribe(region, topic, "email", "a@example.com");
  const send = (texts: object) => publish(region, topic, JSON.stringify(texts), { MessageStructure: "json" });
  await send({ default: "all", sqs: "for queues" });
  expect(await receive(region, queue)).toMatchObject([{ Body: "for queues" }]);
  const { Entries } = await region.region.call("sns", "ReliqListOutbox", { Limit: 1 });
  expect(Entries).toMatchObject([{ Kind: "email", To: "a@example.com", Body: "all" }]);
  await expect(send({ sqs: "-" })).rejects.toMatchObject(refusal("InvalidParameterException", /No default entry/));
});

// API reference, Publish: message 256 KB; subject ASCII, begins with a letter, number or punctuation mark, no line breaks, less than 100 characters.
test("messages, subjects and attributes keep to their rules", async () => {
  const topic = await newTopic(region);
  const invalid = refusal("InvalidParameterException");
  await expect(publish(region, topic, "x".repeat(262_145))).rejects.toMatchObject(invalid);
  await publish(region, topic, "x".repeat(262_144));
  await expect(publish(region, topic, "")).rejects.toMatchObject(invalid);
  for (const Subject of ["a\nb", " a", "é", "x".repeat(101)]) {
    await expect(publish(region, topic, "-", { Subject })).rejects.toMatchObject(invalid);
  }
  const bad = { "a b": COLOUR, "aws.a": COLOUR, b: { DataType: "Date", StringValue: "-" }, c: { DataType: "String" } };
  for (const [name, value] of Object.entries({ ...bad, d: { DataType: "Number", StringValue: "one" } })) {
    const MessageAttributes = { [name]: value };
    const refused = refusal("InvalidParameterValueException", new RegExp(name));
    await expect(publish(region, topic, "-", { MessageAttributes })).rejects.toMatchObject(refused);
  }
  await expect(publish(region, arnOf("sns", "none"), "-")).rejects.toMatchObject(refusal("NotFoundException"));
});

// API reference, PublishBatch: up to ten messages, 256 KB together; each succeeds or fails alone.
test("of a batch each entry succeeds or fails alone, within the limits of the whole", async () => {
  const topic = await newTopic(region);
  const queue = await subscribeQueue(region, topic);
  const send = (messages: readonly string[], ids = messages.map((_, index) => `e${index}`)) => {
    const entries = messages.map((Message, index) => ({ Id: ids[index], Message }));
    return region.sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: entries }));
  };
  const answer = await send(["one", "", "three"]);
  expect(answer.Successful?.map(({ Id }) => Id)).toEqual(["e0", "e2"]);
  expect(answer.Failed).toMatchObject([{ Id: "e1", Code: "InvalidParameter", SenderFault: true }]);
  expect((await receive(region, queue, 2)).map(({ Body }) => Body).sort()).toEqual(["one", "three"]);
  const refused: [string[], string, string[]?][] = [
    [[], "EmptyBatchRequestException"],
    [Array(11).fill("-"), "TooManyEntriesInBatchRequestException"],
    [["a", "b"], "BatchEntryIdsNotDistinctException", ["same", "same"]],
    [["a"], "InvalidBatchEntryIdException", ["a b"]],
    [["x".repeat(200_000), "x".repeat(62_145)], "BatchRequestTooLongException"],
  ];
  for (const [messages, name, ids] of refused) {
    await expect(send(messages, ids)).rejects.toMatchObject({ name });
  }
});

// API reference, Publish, PhoneNumber.
test("a text message to a phone is in the outbox, and a message without a target is refused", async () => {
  await region.sns.send(new PublishCommand({ PhoneNumber: "+15550100", Message: "1234 is your code" }));
  const { Entries } = await region.region.call("sns", "ReliqListOutbox", { Limit: 1 });
  expect(Entries).toMatchObject([{ Kind: "sms", To: "+15550100", Body: "1234 is your code" }]);
  await expect(region.sns.send(new PublishCommand({ Message: "-" }))).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("the outbox is read in pages, newest first", async () => {
  const topic = await newTopic(region);
  await subscribe(region, topic, "email-json", "a@example.com");
  await subscribe(region, topic, "https", "https://example.com/hook", { RawMessageDelivery: "true" });
  for (const text of ["one", "two"]) await publish(region, topic, text, { Subject: text });
  const first = await region.region.call("sns", "ReliqListOutbox", { Limit: 3 });
  const second = await region.region.call("sns", "ReliqListOutbox", { Limit: 1, NextToken: first["NextToken"] });
  const entries = [first, second].flatMap(({ Entries }) => Entries as Record<string, string>[]);
  expect(entries.map(({ Kind, Subject }) => `${Subject} ${Kind}`)).toEqual([
    "two https",
    "two email-json",
    "one https",
    "one email-json",
  ]);
  expect(entries[0]).toMatchObject({ To: "https://example.com/hook", TopicArn: topic, SentAt: expect.any(String) });
  expect(JSON.parse(entries[1]?.["Body"] ?? "")).toMatchObject({ Type: "Notification", Message: "two" });
});

test("a topic of the wrong name or with an unknown attribute is refused", async () => {
  const create = (Name: string, Attributes = {}) => region.sns.send(new CreateTopicCommand({ Name, Attributes }));
  const invalid = refusal("InvalidParameterException");
  await expect(create("a b")).rejects.toMatchObject(invalid);
  await expect(create("orders", { FifoTopic: "true" })).rejects.toMatchObject(invalid);
  await expect(create("orders.fifo")).rejects.toMatchObject(invalid);
  await expect(create("orders", { ContentBasedDeduplication: "true" })).rejects.toMatchObject(invalid);
  await expect(create("orders", { Colour: "red" })).rejects.toMatchObject(invalid);
});
