import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  attributesOf,
  bodies,
  newQueue,
  newQueueWithDeadLetters,
  openRegion,
  receive,
  send,
  type TestRegion,
} from "./fixture.ts";

let local: TestRegion;
let sends = 0;
beforeEach(async () => {
  local = await openRegion();
});
afterEach(() => local.close());

const FIFO = { FifoQueue: "true" };

/** Sends bodies such as `a1`, whose letter is the group. */
async function sendAll(url: string, ...all: string[]): Promise<void> {
  for (const body of all) {
    sends += 1;
    await send(local, url, body, { MessageGroupId: body.slice(0, 1), MessageDeduplicationId: `d${sends}` });
  }
}

const remove = (url: string, message: Message | undefined) =>
  local.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
const change = (url: string, message: Message | undefined, seconds: number) =>
  local.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
const set = (url: string, attributes: Record<string, string>) =>
  local.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: attributes }));

// source: Amazon SQS developer guide, "FIFO queue delivery logic"
describe("a FIFO queue gives", () => {
  test("as many messages of one group as it can, in order, before the next group's", async () => {
    const url = await newQueue(local, FIFO);
    await sendAll(url, "a1", "b1", "a2", "b2", "a3");
    expect(bodies(await receive(local, url, { MaxNumberOfMessages: 4 }))).toEqual(["a1", "a2", "a3", "b1"]);
  });

  test("nothing more of a group while any message of it is in flight", async () => {
    const url = await newQueue(local, FIFO);
    await sendAll(url, "a1", "a2", "a3", "b1");
    const [a1, a2] = await receive(local, url, { MaxNumberOfMessages: 2 });
    expect(bodies(await receive(local, url))).toEqual(["b1"]);
    await remove(url, a1);
    expect(await receive(local, url)).toEqual([]);
    await remove(url, a2);
    expect(bodies(await receive(local, url))).toEqual(["a3"]);
  });

  test("a group's messages again from the first one, when they come back", async () => {
    const url = await newQueue(local, { ...FIFO, VisibilityTimeout: "10" });
    await sendAll(url, "a1", "a2", "a3");
    await receive(local, url, { MaxNumberOfMessages: 2 });
    local.clock.advance(10);
    expect(bodies(await receive(local, url))).toEqual(["a1", "a2", "a3"]);
  });

  test("nothing of a group whose first message came back before the second", async () => {
    const url = await newQueue(local, FIFO);
    await sendAll(url, "a1", "a2");
    const [a1, a2] = await receive(local, url);
    await change(url, a1, 0);
    expect(await receive(local, url)).toEqual([]);
    await change(url, a2, 0);
    expect(bodies(await receive(local, url))).toEqual(["a1", "a2"]);
  });

  test("nothing of a group that is held longer, until its visibility ends", async () => {
    const url = await newQueue(local, { ...FIFO, VisibilityTimeout: "10" });
    await sendAll(url, "a1", "a2");
    const [a1] = await receive(local, url, { MaxNumberOfMessages: 1 });
    await change(url, a1, 100);
    local.clock.advance(50);
    expect(await receive(local, url)).toEqual([]);
    local.clock.advance(50);
    expect(bodies(await receive(local, url))).toEqual(["a1", "a2"]);
  });

  test("a group to one of those who wait, and its rest when the first part is deleted", async () => {
    const url = await newQueue(local, FIFO);
    const waiting = [1, 2].map(() => receive(local, url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }));
    await sendAll(url, "a1", "a2");
    const first = await Promise.race(waiting);
    expect(bodies(first)).toEqual(["a1"]);
    await remove(url, first[0]);
    expect(bodies((await Promise.all(waiting)).flat()).sort()).toEqual(["a1", "a2"]);
  });

  test("a message after the queue's delay, which holds for waiting messages when it changes", async () => {
    const url = await newQueue(local, { ...FIFO, DelaySeconds: "100" });
    await sendAll(url, "a1", "a2");
    local.clock.advance(20);
    await set(url, { DelaySeconds: "30" });
    expect(await receive(local, url)).toEqual([]);
    const waiting = receive(local, url, { WaitTimeSeconds: 20 });
    await attributesOf(local, url);
    local.clock.advance(10);
    expect(bodies(await waiting)).toEqual(["a1", "a2"]);
  });

  test("groups and their order as they were after a restart", async () => {
    const url = await newQueue(local, FIFO, "kept.fifo");
    await sendAll(url, "a1", "a2", "b1");
    const [a1] = await receive(local, url, { MaxNumberOfMessages: 1 });
    local = await local.restart();
    expect(bodies(await receive(local, "kept.fifo"))).toEqual(["b1"]);
    await remove("kept.fifo", a1);
    expect(bodies(await receive(local, "kept.fifo"))).toEqual(["a2"]);
  });

  test("the rest of a group whose first messages outlived their retention", async () => {
    const url = await newQueue(local, { ...FIFO, MessageRetentionPeriod: "60" });
    await sendAll(url, "a1");
    local.clock.advance(30);
    await sendAll(url, "a2", "b1");
    await receive(local, url, { MaxNumberOfMessages: 1, VisibilityTimeout: 1000 });
    local.clock.advance(30);
    expect(bodies(await receive(local, url)).sort()).toEqual(["a2", "b1"]);
  });
});

// source: Amazon SQS developer guide, "Using dead-letter queues"
describe("a FIFO dead letter", () => {
  test("leaves its group: the later messages go on", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, { ...FIFO, VisibilityTimeout: "1" });
    await sendAll(url, "a1");
    await receive(local, url);
    await sendAll(url, "a2");
    local.clock.advance(1);
    expect(bodies(await receive(local, url))).toEqual(["a2"]);
    const [letter] = await receive(local, dead, { MessageSystemAttributeNames: ["All"] });
    expect(letter).toMatchObject({
      Body: "a1",
      Attributes: { MessageGroupId: "a", ApproximateReceiveCount: "2" },
    });
  });

  test("keeps its group's order in the dead-letter queue, with a retention that starts anew", async () => {
    const { url, dead } = await newQueueWithDeadLetters(local, 1, { ...FIFO, VisibilityTimeout: "1" });
    await set(dead, { MessageRetentionPeriod: "60" });
    await sendAll(url, "a1", "b1", "a2");
    await receive(local, url);
    local.clock.advance(100);
    await receive(local, url);
    local.clock.advance(59);
    expect(bodies(await receive(local, dead))).toEqual(["a1", "a2", "b1"]);
    local.clock.advance(1);
    expect(await attributesOf(local, dead)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: "0" });
  });
});
