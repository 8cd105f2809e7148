import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributesOf, bodies, newQueue, openRegion, receive, send, type TestRegion } from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

const text = (value: string) => ({ DataType: "String", StringValue: value });
const remove = (url: string, handle: string | undefined) =>
  local.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));

// source: Amazon SQS API reference, ReceiveMessage; developer guide, "Visibility timeout"
describe("a receive", () => {
  test("shows who sent the message, when, and how often it was received", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "5" });
    const sentAt = local.clock.now();
    await send(local, url, "x");
    local.clock.advance(1);
    const firstAt = local.clock.now();
    await receive(local, url);
    local.clock.advance(5);
    const [message] = await receive(local, url, { MessageSystemAttributeNames: ["All"] });
    expect(message?.Attributes).toEqual({
      SenderId: "000000000000",
      SentTimestamp: String(sentAt),
      ApproximateReceiveCount: "2",
      ApproximateFirstReceiveTimestamp: String(firstAt),
    });
  });

  test("shows no attribute that it was not asked for", async () => {
    const url = await newQueue(local);
    await send(local, url, "x");
    const [message] = await receive(local, url);
    expect(message).not.toHaveProperty("Attributes");
    await expect(receive(local, url, { MessageSystemAttributeNames: ["Nonsense" as "All"] })).rejects.toThrow(
      /Nonsense/,
    );
  });

  test("hides a message for the visibility timeout, its own or the queue's", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "10" });
    await send(local, url, "x");
    await receive(local, url, { VisibilityTimeout: 3 });
    local.clock.advance(2.999);
    expect(await receive(local, url)).toEqual([]);
    local.clock.advance(0.001);
    expect(await receive(local, url)).toHaveLength(1);
    local.clock.advance(9);
    expect(await receive(local, url)).toEqual([]);
  });

  test.each([
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: 21 },
    { WaitTimeSeconds: -1 },
    { VisibilityTimeout: 43_201 },
  ])("refuses %j", async (input) => {
    await expect(receive(local, await newQueue(local), input)).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  test("waits for a message that is sent later, by the queue's own wait too", async () => {
    const url = await newQueue(local, { ReceiveMessageWaitTimeSeconds: "20" });
    const waiting = receive(local, url);
    await send(local, url, "late");
    expect(bodies(await waiting)).toEqual(["late"]);
  });

  test("waits for a message whose delay or visibility ends", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "10" });
    await send(local, url, "delayed", { DelaySeconds: 5 });
    const first = receive(local, url, { WaitTimeSeconds: 20 });
    await untilWaiting(url);
    local.clock.advance(5);
    expect(bodies(await first)).toEqual(["delayed"]);
    const second = receive(local, url, { WaitTimeSeconds: 20 });
    await untilWaiting(url);
    local.clock.advance(10);
    expect(bodies(await second)).toEqual(["delayed"]);
  });

  test("answers empty when its wait is over", async () => {
    const url = await newQueue(local);
    const waiting = receive(local, url, { WaitTimeSeconds: 3 });
    await untilWaiting(url);
    local.clock.advance(3);
    expect(await waiting).toEqual([]);
  });

  test("gives each message to one of those who wait", async () => {
    const url = await newQueue(local);
    const waiting = Array.from({ length: 5 }, () =>
      receive(local, url, { WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }),
    );
    for (let n = 0; n < 5; n++) await send(local, url, String(n));
    expect(bodies((await Promise.all(waiting)).flat()).sort()).toEqual(["0", "1", "2", "3", "4"]);
  });

  test("takes nothing for a caller that hung up", async () => {
    const url = await newQueue(local);
    const hangUp = new AbortController();
    const waiting = local.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    await untilWaiting(url);
    hangUp.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    await expect
      .poll(async () => {
        await send(local, url, "x");
        const [message] = await receive(local, url, { MessageSystemAttributeNames: ["All"], VisibilityTimeout: 0 });
        return message?.Attributes?.["ApproximateReceiveCount"];
      })
      .toBe("1");
  });
});

/** A request on the same socket pool is answered after the wait has begun; an in-process look settles the rest. */
async function untilWaiting(url: string): Promise<void> {
  for (let n = 0; n < 3; n++) await attributesOf(local, url);
}

// source: Amazon SQS developer guide, "Message retention"; API reference, MessageRetentionPeriod
describe("retention", () => {
  test("deletes a message when its time is over, also in flight", async () => {
    const url = await newQueue(local, { MessageRetentionPeriod: "60" });
    await send(local, url, "waits");
    await send(local, url, "in flight");
    const [held] = await receive(local, url, { MaxNumberOfMessages: 1, VisibilityTimeout: 100 });
    local.clock.advance(59);
    expect(await attributesOf(local, url)).toMatchObject({ ApproximateNumberOfMessages: "1" });
    local.clock.advance(1);
    expect(await attributesOf(local, url)).toMatchObject({
      ApproximateNumberOfMessages: "0",
      ApproximateNumberOfMessagesNotVisible: "0",
    });
    expect(await receive(local, url)).toEqual([]);
    await remove(url, held?.ReceiptHandle);
  });
});

test("messages, attributes and handles survive a restart", async () => {
  const first = await openRegion();
  const url = await newQueue(first, { VisibilityTimeout: "30" }, "kept");
  await send(first, url, "held");
  await send(first, url, "waits", { MessageAttributes: { Foo: text("Bar") } });
  const [held] = await receive(first, url, { MaxNumberOfMessages: 1 });
  const second = await first.restart();
  try {
    const again = await receive(second, "kept", { MessageAttributeNames: ["All"] });
    expect(again).toMatchObject([{ Body: "waits", MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c" }]);
    await second.sqs.send(new DeleteMessageCommand({ QueueUrl: "kept", ReceiptHandle: held?.ReceiptHandle }));
    expect(await attributesOf(second, "kept")).toMatchObject({ ApproximateNumberOfMessagesNotVisible: "1" });
  } finally {
    await second.close();
  }
});
