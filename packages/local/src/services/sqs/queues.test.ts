import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  attributesOf,
  newQueue,
  newQueueWithDeadLetters,
  openRegion,
  receive,
  send,
  type TestRegion,
} from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

const create = (name: string, attributes: Record<string, string> = {}) =>
  local.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
const set = (url: string, attributes: Record<string, string>) =>
  local.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));

// source: Amazon SQS API reference, CreateQueue, SetQueueAttributes, GetQueueAttributes
describe("a queue's attributes", () => {
  test("have the service's defaults", async () => {
    const attributes = await attributesOf(local, await newQueue(local));
    expect(attributes).toMatchObject({
      VisibilityTimeout: "30",
      DelaySeconds: "0",
      MaximumMessageSize: "1048576",
      MessageRetentionPeriod: "345600",
      ReceiveMessageWaitTimeSeconds: "0",
      SqsManagedSseEnabled: "true",
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
    });
    expect(attributes["QueueArn"]).toMatch(/^arn:aws:sqs:us-east-1:000000000000:q-/);
    expect(attributes).not.toHaveProperty("FifoQueue");
  });

  test("change without touching the others", async () => {
    const url = await newQueue(local, { DelaySeconds: "5" });
    await set(url, { VisibilityTimeout: "12" });
    expect(await attributesOf(local, url)).toMatchObject({ DelaySeconds: "5", VisibilityTimeout: "12" });
  });

  test("are shown only by the names that were asked for", async () => {
    const url = await newQueue(local);
    const ask = (names: string[]) =>
      local.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names as "All"[] }));
    expect((await ask([])).Attributes).toBeUndefined();
    expect((await ask(["DelaySeconds", "RedrivePolicy"])).Attributes).toEqual({ DelaySeconds: "0" });
    await expect(ask(["Nonsense"])).rejects.toMatchObject({ name: "InvalidAttributeName" });
  });

  test.each([
    ["VisibilityTimeout", "43201"],
    ["DelaySeconds", "901"],
    ["MaximumMessageSize", "1023"],
    ["MaximumMessageSize", "1048577"],
    ["MessageRetentionPeriod", "59"],
    ["MessageRetentionPeriod", "1209601"],
    ["ReceiveMessageWaitTimeSeconds", "21"],
    ["VisibilityTimeout", "1.5"],
    ["VisibilityTimeout", "ten"],
  ])("refuse %s = %s", async (name, value) => {
    const url = await newQueue(local);
    await expect(set(url, { [name]: value })).rejects.toMatchObject({ name: "InvalidAttributeValue" });
  });

  test("refuse a name that does not exist, and the FIFO ones on a standard queue", async () => {
    const url = await newQueue(local);
    for (const name of ["Colour", "FifoQueue", "ContentBasedDeduplication"]) {
      await expect(set(url, { [name]: "true" })).rejects.toMatchObject({ name: "InvalidAttributeName" });
    }
  });

  test("hold one kind of encryption at a time", async () => {
    const url = await newQueue(local, { KmsMasterKeyId: "alias/key" });
    expect(await attributesOf(local, url)).toMatchObject({ SqsManagedSseEnabled: "false" });
    await expect(set(url, { KmsMasterKeyId: "alias/key", SqsManagedSseEnabled: "true" })).rejects.toThrow(
      /one type of server-side encryption/,
    );
  });
});

// source: Amazon SQS API reference, CreateQueue, GetQueueUrl, ListQueues
describe("a queue's name", () => {
  test.each([
    ["has spaces", {}],
    ["dotted.name", {}],
    ["x".repeat(81), {}],
    ["without-suffix", { FifoQueue: "true" }],
    ["a.fifo", {}],
  ])("%j with %j is refused", async (name, attributes) => {
    await expect(create(name, attributes)).rejects.toThrow(/alphanumeric characters, hyphens, or underscores/);
  });

  test("gives the same queue again, unless an attribute differs", async () => {
    const { QueueUrl } = await create("again", { DelaySeconds: "1" });
    expect((await create("again", { DelaySeconds: "1" })).QueueUrl).toBe(QueueUrl);
    expect((await create("again")).QueueUrl).toBe(QueueUrl);
    await expect(create("again", { DelaySeconds: "2" })).rejects.toMatchObject({
      name: "QueueNameExists",
      message: expect.stringContaining("different value for attribute DelaySeconds"),
    });
  });

  test("is enough in any URL, as the port differs between runs", async () => {
    await create("by-name");
    await send(local, "http://localhost:1/000000000000/by-name", "x");
    expect(await receive(local, "https://sqs.us-east-1.amazonaws.com/000000000000/by-name")).toHaveLength(1);
  });

  test("finds the queue's URL, in this account only", async () => {
    const url = await newQueue(local, {}, "found");
    const find = (owner?: string) =>
      local.sqs.send(new GetQueueUrlCommand({ QueueName: "found", ...(owner && { QueueOwnerAWSAccountId: owner }) }));
    expect((await find()).QueueUrl).toBe(url);
    await expect(find("111111111111")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  test("lists by prefix, in pages", async () => {
    for (const letter of ["a", "b", "c"]) await create(`page-${letter}`);
    const list = (token?: string) =>
      local.sqs.send(
        new ListQueuesCommand({ QueueNamePrefix: "page-", MaxResults: 2, ...(token && { NextToken: token }) }),
      );
    const first = await list();
    expect(first.QueueUrls?.map((url) => url.slice(-6))).toEqual(["page-a", "page-b"]);
    const second = await list(first.NextToken);
    expect(second.QueueUrls?.map((url) => url.slice(-6))).toEqual(["page-c"]);
    expect(second.NextToken).toBeUndefined();
    expect((await local.sqs.send(new ListQueuesCommand({ QueueNamePrefix: "none" }))).QueueUrls).toBeUndefined();
  });
});

// source: Amazon SQS API reference, DeleteQueue, PurgeQueue
describe("a queue's end", () => {
  test("takes its messages along, and tells those who wait", async () => {
    const url = await newQueue(local);
    const waiting = receive(local, url, { WaitTimeSeconds: 20 });
    waiting.catch(() => {});
    await send(local, await newQueue(local), "elsewhere");
    await local.sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(waiting).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    await expect(send(local, url, "x")).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  });

  test("a purge deletes what waits, what is in flight and what is delayed, once in 60 seconds", async () => {
    const url = await newQueue(local);
    await send(local, url, "in flight");
    await receive(local, url);
    await send(local, url, "waits");
    await send(local, url, "delayed", { DelaySeconds: 60 });
    const purge = () => local.sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    await purge();
    expect(await attributesOf(local, url)).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
      ApproximateNumberOfMessagesDelayed: "0",
    });
    await expect(purge()).rejects.toMatchObject({ name: "PurgeQueueInProgress" });
    local.clock.advance(60);
    await purge();
  });
});

// source: Amazon SQS API reference, TagQueue, UntagQueue, ListQueueTags
describe("a queue's tags", () => {
  test("are set, overwritten and removed", async () => {
    const url = await newQueue(local);
    const tags = async () => (await local.sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags;
    expect(await tags()).toBeUndefined();
    await local.sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { team: "a", cost: "" } }));
    await local.sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { team: "b" } }));
    expect(await tags()).toEqual({ team: "b", cost: "" });
    await local.sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ["cost", "absent"] }));
    expect(await tags()).toEqual({ team: "b" });
  });
});

// source: Amazon SQS developer guide, "Using dead-letter queues"
describe("a redrive policy", () => {
  test("makes its queue a source of the dead-letter queue", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 3);
    const answer = await local.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
    expect(answer.queueUrls).toEqual([url]);
    await set(url, { RedrivePolicy: "" });
    expect(await attributesOf(local, url)).not.toHaveProperty("RedrivePolicy");
  });

  test.each([
    ["not JSON", "{", "not a valid JSON map"],
    ["no target", '{"maxReceiveCount":1}', "mandatory attribute: deadLetterTargetArn"],
    [
      "no count",
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:x"}',
      "mandatory attribute: maxReceiveCount",
    ],
    ["no ARN", '{"deadLetterTargetArn":"dummy","maxReceiveCount":42}', "Invalid value for deadLetterTargetArn"],
    [
      "no queue",
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:x","maxReceiveCount":1}',
      "does not exist",
    ],
    [
      "no receives",
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:x","maxReceiveCount":0}',
      "maxReceiveCount",
    ],
  ])("is refused with %s", async (_, policy, reason) => {
    const url = await newQueue(local);
    await expect(set(url, { RedrivePolicy: policy })).rejects.toMatchObject({
      name: "InvalidParameterValue",
      message: expect.stringContaining(reason),
    });
  });

  test("is refused between a standard and a FIFO queue", async () => {
    const { deadArn } = await newQueueWithDeadLetters(local, 1, { FifoQueue: "true" });
    const url = await newQueue(local);
    const policy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 1 });
    await expect(set(url, { RedrivePolicy: policy })).rejects.toThrow(/same type of queue/);
  });

  test("is refused where the dead-letter queue does not allow it", async () => {
    const { url, dead, deadArn } = await newQueueWithDeadLetters(local, 1);
    const policy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 });
    await set(dead, { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    await expect(set(url, { RedrivePolicy: policy })).rejects.toThrow(/does not allow/);
    const arn = (await attributesOf(local, url))["QueueArn"];
    await set(dead, {
      RedriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arn] }),
    });
    await set(url, { RedrivePolicy: policy });
    await expect(set(await newQueue(local), { RedrivePolicy: policy })).rejects.toThrow(/does not allow/);
    await expect(set(dead, { RedriveAllowPolicy: '{"redrivePermission":"some"}' })).rejects.toThrow(
      /redrivePermission/,
    );
  });
});
