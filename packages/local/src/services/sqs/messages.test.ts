import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributesOf, bodies, newQueue, openRegion, receive, send, type TestRegion } from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

const remove = (url: string, handle: string | undefined) =>
  local.sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
const change = (url: string, handle: string | undefined, seconds: number) =>
  local.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: handle, VisibilityTimeout: seconds }),
  );
const sendBatch = (url: string, entries: SendMessageBatchRequestEntry[]) =>
  local.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
const text = (value: string) => ({ DataType: "String", StringValue: value });

// source: Amazon SQS API reference, SendMessage
describe("a send", () => {
  test("keeps the bytes of any legal body", async () => {
    const url = await newQueue(local);
    const body = "tab\t line\r\n <&>\"' ünïcode 🚀 \u{10FFFF}";
    await send(local, url, body);
    expect(bodies(await receive(local, url))).toEqual([body]);
  });

  test.each(["\u0000", "\u0008", "\uFFFF", "\uD800"])("refuses the character %j", async (character) => {
    const url = await newQueue(local);
    await expect(send(local, url, `a${character}b`)).rejects.toMatchObject({ name: "InvalidMessageContents" });
  });

  test("refuses an empty body", async () => {
    await expect(send(local, await newQueue(local), "")).rejects.toThrow(/must contain the parameter MessageBody/);
  });

  test("takes 1 MiB with the attributes, and not a byte more", async () => {
    const url = await newQueue(local);
    const attributes = { MessageAttributes: { a: text("b") } };
    const room = 1_048_576 - "a".length - "String".length - "b".length;
    await send(local, url, "x".repeat(room), attributes);
    await expect(send(local, url, "x".repeat(room + 1), attributes)).rejects.toThrow(
      /Message must be shorter than 1048576 bytes/,
    );
  });

  test("keeps to the queue's own largest size", async () => {
    const url = await newQueue(local, { MaximumMessageSize: "1024" });
    await send(local, url, "é".repeat(512));
    await expect(send(local, url, "é".repeat(513))).rejects.toThrow(/shorter than 1024 bytes/);
  });

  test("delays a message by its own delay, else by the queue's", async () => {
    const url = await newQueue(local, { DelaySeconds: "10" });
    await send(local, url, "at once", { DelaySeconds: 0 });
    await send(local, url, "later");
    expect(bodies(await receive(local, url))).toEqual(["at once"]);
    expect(await attributesOf(local, url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: "1" });
    local.clock.advance(10);
    expect(bodies(await receive(local, url))).toEqual(["later"]);
  });

  test("a changed delay does not hold for messages that a standard queue has already", async () => {
    const url = await newQueue(local, { DelaySeconds: "100" });
    await send(local, url, "old");
    const { SetQueueAttributesCommand } = await import("@aws-sdk/client-sqs");
    await local.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: "0" } }));
    expect(await receive(local, url)).toEqual([]);
  });

  test.each([-1, 901])("refuses a delay of %d s", async (seconds) => {
    const url = await newQueue(local);
    await expect(send(local, url, "x", { DelaySeconds: seconds })).rejects.toMatchObject({
      name: "InvalidParameterValue",
    });
  });

  test("keeps a group id on a standard queue, where it orders nothing (fair queues)", async () => {
    const url = await newQueue(local);
    await send(local, url, "1", { MessageGroupId: "tenant" });
    await send(local, url, "2", { MessageGroupId: "tenant" });
    const [first] = await receive(local, url, { MaxNumberOfMessages: 1, MessageSystemAttributeNames: ["All"] });
    expect(first?.Attributes).toMatchObject({ MessageGroupId: "tenant" });
    expect(await receive(local, url)).toHaveLength(1);
    await expect(send(local, url, "x", { MessageDeduplicationId: "d" })).rejects.toThrow(
      /not valid for this queue type/,
    );
  });

  test("to a queue that does not exist is refused", async () => {
    await expect(send(local, `${local.region.endpoint}/000000000000/none`, "x")).rejects.toMatchObject({
      name: "QueueDoesNotExist",
    });
  });
});

// source: Amazon SQS developer guide, "Message metadata"; the digests are AWS's own for these attributes
describe("message attributes", () => {
  const three = { Hello: text("There"), General: text("Kenobi"), "Help.Me": text("Me") };

  test.each([
    [{ Foo: text("Bar") }, "ae7155c6026991b6d54b11589678bf9c"],
    [three, "4c360f3fdafd970e05fae2f149d997f5"],
    [
      {
        attr1: {
          DataType: "Binary",
          BinaryValue: Buffer.from("traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01"),
        },
      },
      "8cbe4db156db8a94db8b801b7addb984",
    ],
  ])("have AWS's digest: %j", async (attributes, digest) => {
    const url = await newQueue(local);
    const { MD5OfMessageAttributes } = await send(local, url, "test", { MessageAttributes: attributes });
    expect(MD5OfMessageAttributes).toBe(digest);
    const [message] = await receive(local, url, { MessageAttributeNames: ["All"] });
    expect(message?.MD5OfMessageAttributes).toBe(digest);
    expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(Object.keys(attributes).sort());
    const binary = message?.MessageAttributes?.["attr1"]?.BinaryValue;
    if (binary) expect(Buffer.from(binary).toString()).toContain("traceparent\x1e");
  });

  test.each([
    [["Hello", "General"], ["General", "Hello"], "fca026605781cb4126a1e9044df24232"],
    [["Hello", "absent"], ["Hello"], "a311262e065454b75da111d535b8dacd"],
    [["Hel.*"], ["Hello", "Help.Me"], "83fee93c1bcd8b9a5a923ffacdc636c7"],
    [[".*"], ["General", "Hello", "Help.Me"], "4c360f3fdafd970e05fae2f149d997f5"],
    [["absent"], [], undefined],
    [[], [], undefined],
  ])("are given by the names %j, with the digest of just those", async (names, given, digest) => {
    const url = await newQueue(local);
    await send(local, url, "msg", { MessageAttributes: three });
    const [message] = await receive(local, url, { MessageAttributeNames: names });
    expect(Object.keys(message?.MessageAttributes ?? {}).sort()).toEqual(given);
    expect(message?.MD5OfMessageAttributes).toBe(digest);
  });

  test("carry numbers and custom types", async () => {
    const url = await newQueue(local);
    const attributes = {
      ts: { DataType: "Number", StringValue: "1700000000" },
      price: { DataType: "Number.float", StringValue: "1.5" },
    };
    await send(local, url, "x", { MessageAttributes: attributes });
    const [message] = await receive(local, url, { MessageAttributeNames: ["All"] });
    expect(message?.MessageAttributes).toMatchObject(attributes);
  });

  test.each([
    ["an empty value", { ErrorDetails: text("") }, /must contain a non-empty value of type 'String'/],
    ["an unknown type", { a: { DataType: "Date", StringValue: "x" } }, /type of message \(user\) attribute 'a'/],
    ["a number that is none", { a: { DataType: "Number", StringValue: "x" } }, /to a number/],
    ["a reserved name", { "AWS.x": text("x") }, /name 'AWS.x' is invalid/],
    ["a name with a space", { "a b": text("x") }, /name 'a b' is invalid/],
    ["an illegal character", { a: text("\u0001") }, /Invalid characters/],
    ["more than ten", Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`a${i}`, text("x")])), /\[11\]/],
  ])("are refused with %s", async (_, attributes, reason) => {
    const url = await newQueue(local);
    await expect(send(local, url, "x", { MessageAttributes: attributes })).rejects.toThrow(reason);
  });

  test("a trace header travels as a system attribute", async () => {
    const url = await newQueue(local);
    const sent = await send(local, url, "x", {
      MessageSystemAttributes: { AWSTraceHeader: text("Root=1-5759e988-bd862e3fe1be46a994272793") },
    });
    expect(sent.MD5OfMessageSystemAttributes).toMatch(/^[0-9a-f]{32}$/);
    const [message] = await receive(local, url, { MessageSystemAttributeNames: ["AWSTraceHeader"] });
    expect(message?.Attributes).toEqual({ AWSTraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793" });
  });
});

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
    const { ReceiveMessageCommand } = await import("@aws-sdk/client-sqs");
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

// source: Amazon SQS API reference, DeleteMessage, ChangeMessageVisibility
describe("a receipt handle", () => {
  test("deletes its message, also after the visibility ended, and also twice", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "1" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    local.clock.advance(2);
    await remove(url, message?.ReceiptHandle);
    await remove(url, message?.ReceiptHandle);
    expect(await receive(local, url)).toEqual([]);
  });

  test("older than the last receive succeeds and deletes nothing", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "1" });
    await send(local, url, "x");
    const [first] = await receive(local, url);
    local.clock.advance(2);
    const [second] = await receive(local, url);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    await remove(url, first?.ReceiptHandle);
    local.clock.advance(2);
    expect(await receive(local, url)).toHaveLength(1);
  });

  test("of another queue, or none at all, is refused", async () => {
    const [url, other] = [await newQueue(local), await newQueue(local)];
    await send(local, url, "x");
    const [message] = await receive(local, url);
    for (const handle of [message?.ReceiptHandle, "nonsense"]) {
      await expect(remove(other, handle)).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
    }
    await expect(remove(url, "")).rejects.toThrow(/must contain the parameter ReceiptHandle/);
  });

  test("lengthens and ends the visibility, counted from now", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "10" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    local.clock.advance(8);
    await change(url, message?.ReceiptHandle, 10);
    local.clock.advance(9);
    expect(await receive(local, url)).toEqual([]);
    await change(url, message?.ReceiptHandle, 0);
    expect(await receive(local, url)).toHaveLength(1);
  });

  test("changes nothing once its visibility has ended", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "1" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    local.clock.advance(2);
    await change(url, message?.ReceiptHandle, 60);
    expect(await receive(local, url)).toHaveLength(1);
  });

  test("holds a message for at most 12 hours in total; asking for more is an error, not a clip", async () => {
    const url = await newQueue(local, { VisibilityTimeout: "43200" });
    await send(local, url, "x");
    const [message] = await receive(local, url);
    await change(url, message?.ReceiptHandle, 43_200);
    local.clock.advance(3_600);
    await expect(change(url, message?.ReceiptHandle, 39_601)).rejects.toThrow(/beyond the limit \[43200 seconds\]/);
    await change(url, message?.ReceiptHandle, 39_600);
    await expect(change(url, message?.ReceiptHandle, 43_201)).rejects.toThrow(/43201 for parameter VisibilityTimeout/);
  });

  test("of a deleted message cannot change its visibility", async () => {
    const url = await newQueue(local);
    await send(local, url, "x");
    const [message] = await receive(local, url);
    await remove(url, message?.ReceiptHandle);
    await expect(change(url, message?.ReceiptHandle, 10)).rejects.toThrow(
      /not available for visibility timeout change/,
    );
  });
});

// source: Amazon SQS API reference, SendMessageBatch, DeleteMessageBatch, ChangeMessageVisibilityBatch
describe("a batch", () => {
  const entries = (count: number, body = "x") =>
    Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: body }));

  test("is refused whole when it is empty, too long, or its ids are wrong", async () => {
    const url = await newQueue(local);
    await expect(sendBatch(url, [])).rejects.toMatchObject({ name: "EmptyBatchRequest" });
    await expect(sendBatch(url, entries(11))).rejects.toMatchObject({ name: "TooManyEntriesInBatchRequest" });
    await expect(sendBatch(url, [...entries(1), ...entries(1)])).rejects.toMatchObject({
      name: "BatchEntryIdsNotDistinct",
    });
    for (const id of ["", "invalid:id", "x".repeat(81)]) {
      await expect(sendBatch(url, [{ Id: id, MessageBody: "x" }])).rejects.toMatchObject({
        name: "InvalidBatchEntryId",
      });
    }
  });

  test("is at most 1 MiB in total", async () => {
    const url = await newQueue(local);
    await expect(sendBatch(url, entries(4, "x".repeat(262_145)))).rejects.toMatchObject({
      name: "BatchRequestTooLong",
      message: expect.stringContaining("You have sent 1048580 bytes"),
    });
    await sendBatch(url, entries(4, "x".repeat(262_144)));
    expect(await receive(local, url)).toHaveLength(4);
  });

  test("answers 200 with its failed entries inside", async () => {
    const url = await newQueue(local);
    const sent = await sendBatch(url, [
      { Id: "good", MessageBody: "1", MessageAttributes: { Foo: text("Bar") } },
      { Id: "slow", MessageBody: "2", DelaySeconds: 901 },
      { Id: "illegal", MessageBody: "\u0000" },
      { Id: "attribute", MessageBody: "x", MessageAttributes: { a: text("") } },
    ]);
    expect(sent.Successful).toMatchObject([{ Id: "good", MD5OfMessageAttributes: "ae7155c6026991b6d54b11589678bf9c" }]);
    expect(sent.Failed).toMatchObject([
      { Id: "slow", SenderFault: true, Code: "InvalidParameterValue" },
      { Id: "illegal", SenderFault: true, Code: "InvalidMessageContents" },
      { Id: "attribute", SenderFault: true, Code: "InvalidParameterValue" },
    ]);
    expect(bodies(await receive(local, url))).toEqual(["1"]);
  });

  test("deletes and changes visibility entry by entry", async () => {
    const url = await newQueue(local);
    await sendBatch(url, entries(3));
    const received = await receive(local, url);
    const handles = received.map((each, index) => ({ Id: `e${index}`, ReceiptHandle: each.ReceiptHandle }));
    const changed = await local.sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: [
          { ...handles[0]!, VisibilityTimeout: 0 },
          { Id: "long", ReceiptHandle: handles[1]!.ReceiptHandle, VisibilityTimeout: 43_201 },
        ],
      }),
    );
    expect(changed.Successful).toEqual([{ Id: "e0" }]);
    expect(changed.Failed).toMatchObject([{ Id: "long", Code: "InvalidParameterValue" }]);
    const deleted = await local.sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: url, Entries: [...handles, { Id: "bad", ReceiptHandle: "nonsense" }] }),
    );
    expect(deleted.Successful).toHaveLength(3);
    expect(deleted.Failed).toMatchObject([{ Id: "bad", Code: "ReceiptHandleIsInvalid" }]);
    expect(await attributesOf(local, url)).toMatchObject({ ApproximateNumberOfMessages: "0" });
  });
});

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
