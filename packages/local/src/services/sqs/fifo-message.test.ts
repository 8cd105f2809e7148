import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attributesOf, bodies, newQueue, openRegion, receive, send, type TestRegion } from "./fixture.ts";

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

// source: Amazon SQS developer guide, "Exactly-once processing in Amazon SQS"
describe("a FIFO queue's deduplication", () => {
  const post = (url: string, body: string, group: string, id?: string) =>
    send(local, url, body, { MessageGroupId: group, ...(id && { MessageDeduplicationId: id }) });
  const waiting = async (url: string) => (await attributesOf(local, url))["ApproximateNumberOfMessages"];

  test("takes a repeat within 5 minutes for the same message, and answers as the first time", async () => {
    const url = await newQueue(local, FIFO);
    const first = await post(url, "x", "g", "d");
    const second = await post(url, "other", "h", "d");
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.SequenceNumber).toBe(first.SequenceNumber);
    expect(await waiting(url)).toBe("1");
  });

  test("remembers also after the delete and after a restart, for 5 minutes from the first send", async () => {
    const url = await newQueue(local, FIFO, "kept.fifo");
    await post(url, "x", "g", "d");
    const [message] = await receive(local, url);
    await remove(url, message);
    local.clock.advance(200);
    await post(url, "x", "g", "d");
    local = await local.restart();
    local.clock.advance(99.999);
    await post("kept.fifo", "x", "g", "d");
    expect(await waiting("kept.fifo")).toBe("0");
    local.clock.advance(0.001);
    await post("kept.fifo", "x", "g", "d");
    expect(await waiting("kept.fifo")).toBe("1");
  });

  test("has the queue or the group as its scope", async () => {
    const url = await newQueue(local, { ...FIFO, DeduplicationScope: "messageGroup" });
    await post(url, "x", "g", "d");
    await post(url, "x", "h", "d");
    await post(url, "x", "h", "d");
    expect(await waiting(url)).toBe("2");
  });

  test("goes by content where that is on, attributes apart, unless an id is given", async () => {
    const url = await newQueue(local, { ...FIFO, ContentBasedDeduplication: "true" });
    await post(url, "same", "g");
    await send(local, url, "same", {
      MessageGroupId: "g",
      MessageAttributes: { Foo: { DataType: "String", StringValue: "Bar" } },
    });
    await post(url, "same", "g", "own-id");
    await post(url, "different", "g");
    const received = await receive(local, url, { MessageSystemAttributeNames: ["MessageDeduplicationId"] });
    expect(bodies(received)).toEqual(["same", "same", "different"]);
    // The SHA-256 of "same".
    expect(received[0]?.Attributes?.["MessageDeduplicationId"]).toBe(
      "0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5",
    );
  });

  test("holds within a batch too", async () => {
    const url = await newQueue(local, FIFO);
    const entry = { MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d" };
    const sent = await local.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "1", ...entry },
          { Id: "2", ...entry },
        ],
      }),
    );
    expect(new Set(sent.Successful?.map((each) => each.MessageId)).size).toBe(1);
    expect(await waiting(url)).toBe("1");
  });
});

// source: Amazon SQS API reference, SendMessage, ReceiveMessage
describe("a FIFO message", () => {
  test("has its group, its deduplication id and a sequence number of 20 digits that grows", async () => {
    const url = await newQueue(local, FIFO);
    const numbers: string[] = [];
    for (let n = 0; n < 12; n++) {
      const { SequenceNumber } = await send(local, url, String(n), {
        MessageGroupId: "g",
        MessageDeduplicationId: String(n),
      });
      numbers.push(SequenceNumber!);
    }
    expect(numbers).toEqual(numbers.toSorted());
    expect(new Set(numbers).size).toBe(12);
    for (const number of numbers) expect(number).toMatch(/^\d{20}$/);
    const [message] = await receive(local, url, { MessageSystemAttributeNames: ["All"] });
    expect(message?.Attributes).toMatchObject({
      MessageGroupId: "g",
      MessageDeduplicationId: "0",
      SequenceNumber: numbers[0],
    });
  });

  test("is refused without its ids, and with a delay of its own", async () => {
    const url = await newQueue(local, FIFO);
    const ids = { MessageGroupId: "g", MessageDeduplicationId: "d" };
    await expect(send(local, url, "x", { MessageDeduplicationId: "d" })).rejects.toMatchObject({
      name: "MissingParameter",
      message: "The request must contain the parameter MessageGroupId.",
    });
    await expect(send(local, url, "x", { MessageGroupId: "g" })).rejects.toThrow(
      /either have ContentBasedDeduplication enabled or MessageDeduplicationId/,
    );
    await expect(send(local, url, "x", { ...ids, DelaySeconds: 2 })).rejects.toThrow(
      "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.",
    );
    for (const id of ["", "has space", "x".repeat(129)]) {
      await expect(send(local, url, "x", { ...ids, MessageGroupId: id })).rejects.toThrow(/MessageGroupId/);
    }
  });

  test("without its ids fails its whole batch", async () => {
    const url = await newQueue(local, FIFO);
    const batch = (entry: { MessageGroupId?: string; MessageDeduplicationId?: string }) =>
      local.sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: [
            { Id: "good", MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d" },
            { Id: "bad", MessageBody: "x", ...entry },
          ],
        }),
      );
    await expect(batch({ MessageDeduplicationId: "e" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await expect(batch({ MessageGroupId: "g" })).rejects.toMatchObject({ name: "InvalidParameterValue" });
    expect(await receive(local, url)).toEqual([]);
  });

  test("cannot be deleted or held longer with a handle that has expired", async () => {
    const url = await newQueue(local, { ...FIFO, VisibilityTimeout: "1" });
    await sendAll(url, "a1");
    const [expired] = await receive(local, url);
    local.clock.advance(1);
    await expect(remove(url, expired)).rejects.toThrow(/The receipt handle has expired/);
    await expect(change(url, expired, 10)).rejects.toThrow(/The receipt handle has expired/);
    const [current] = await receive(local, url);
    await expect(remove(url, expired)).rejects.toThrow(/The receipt handle has expired/);
    const answer = await local.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: "expired", ReceiptHandle: expired?.ReceiptHandle },
          { Id: "current", ReceiptHandle: current?.ReceiptHandle },
        ],
      }),
    );
    expect(answer.Successful).toEqual([{ Id: "current" }]);
    expect(answer.Failed).toMatchObject([{ Id: "expired", Code: "InvalidParameterValue", SenderFault: true }]);
    await remove(url, current);
  });
});

// source: Amazon SQS developer guide, "High throughput for FIFO queues"
describe("high throughput", () => {
  test("is per group only where deduplication is too", async () => {
    const url = await newQueue(local, FIFO);
    expect(await attributesOf(local, url)).toMatchObject({
      FifoQueue: "true",
      ContentBasedDeduplication: "false",
      DeduplicationScope: "queue",
      FifoThroughputLimit: "perQueue",
    });
    await expect(set(url, { FifoThroughputLimit: "perMessageGroupId" })).rejects.toMatchObject({
      name: "InvalidAttributeValue",
    });
    await set(url, { FifoThroughputLimit: "perMessageGroupId", DeduplicationScope: "messageGroup" });
    await expect(set(url, { DeduplicationScope: "queue" })).rejects.toMatchObject({ name: "InvalidAttributeValue" });
    await expect(set(url, { FifoQueue: "false" })).rejects.toThrow(/Modifying queue type is not supported/);
  });
});
