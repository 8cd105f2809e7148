import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributesOf, bodies, newQueue, openRegion, receive, send, type TestRegion } from "./fixture.ts";

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

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
