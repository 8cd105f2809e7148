import {
  type ChangeMessageVisibilityBatchCommandInput,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { ENVELOPE_ATTRIBUTE, type MessageAttribute, type VisibilityChange } from "@reliq/core";
import { sampleEntry, sampleMessage } from "@reliq/core/testing";
import { describe, expect, test } from "vitest";
import { sendMessages, sqsDeadLetters, sqsVisibility } from "../src/index.ts";
import { localRegion } from "./region.ts";

const { reason } = sampleEntry();

async function newQueue(): Promise<{ readonly client: SQSClient; readonly url: string }> {
  const client = new SQSClient(await localRegion());
  const { QueueUrl: url = "" } = await client.send(new CreateQueueCommand({ QueueName: "orders" }));
  return { client, url };
}

async function received(client: SQSClient, QueueUrl: string): Promise<{ body: string; attributes: object }[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
  );
  return Messages.map(({ Body = "", MessageAttributes = {} }) => ({ body: Body, attributes: MessageAttributes }));
}

test("messages arrive as they were given, with their attributes", async () => {
  const { client, url } = await newQueue();
  const attributes = {
    store_id: { dataType: "Number", stringValue: "5" },
    icon: { dataType: "Binary.png", binaryValue: Uint8Array.of(0, 255) },
  };
  const { sent, failed } = await sendMessages(client, url, [{ body: "🦆", attributes }, { body: '{"a":"\\u0000"}' }]);
  expect(failed).toEqual([]);
  expect(sent).toMatchObject([{ index: 0 }, { index: 1 }]);
  expect(await received(client, url)).toEqual([
    {
      body: "🦆",
      attributes: {
        store_id: { DataType: "Number", StringValue: "5" },
        icon: { DataType: "Binary.png", BinaryValue: Uint8Array.of(0, 255) },
      },
    },
    { body: '{"a":"\\u0000"}', attributes: {} },
  ]);
});

test("a message that is too large is reported by the service's own code, and its neighbours are sent", async () => {
  const { client, url } = await newQueue();
  const messages = [{ body: "a" }, { body: "x".repeat(1_048_577) }, { body: "b" }];
  const { sent, failed } = await sendMessages(client, url, messages);
  expect(sent.map(({ index }) => index)).toEqual([0, 2]);
  expect(failed).toEqual([{ index: 1, code: "BatchRequestTooLong", message: expect.stringContaining("1048576") }]);
});

test("a message that the service refuses is reported, and its batch mates are sent", async () => {
  const { client, url } = await newQueue();
  const attributes = { "not a name!": { dataType: "String", stringValue: "x" } };
  const { sent, failed } = await sendMessages(client, url, [
    { body: "a" },
    { body: "b", attributes },
    { body: "\u0000" },
  ]);
  expect(sent.map(({ index }) => index)).toEqual([0]);
  expect(failed.map(({ index }) => index)).toEqual([1, 2]);
});

test("messages to a queue that does not exist are each reported", async () => {
  const { client, url } = await newQueue();
  const { sent, failed } = await sendMessages(client, `${url}-2`, [{ body: "a" }, { body: "b" }]);
  expect(sent).toEqual([]);
  expect(failed).toMatchObject([
    { index: 0, code: "QueueDoesNotExist" },
    { index: 1, code: "QueueDoesNotExist" },
  ]);
});

test("a dead letter is the message as it came, with its lineage", async () => {
  const { client, url } = await newQueue();
  const attributes: Record<string, MessageAttribute> = { store_id: { dataType: "Number", stringValue: "5" } };
  await sqsDeadLetters(client, url).send(sampleMessage({ body: "{", attributes }), reason);
  expect(await received(client, url)).toEqual([
    {
      body: "{",
      attributes: {
        store_id: { DataType: "Number", StringValue: "5" },
        [ENVELOPE_ATTRIBUTE]: {
          DataType: "String",
          StringValue: '{"v":1,"id":"m-1","via":"fail-fast","queue":"orders","messageId":"m-1"}',
        },
      },
    },
  ]);
});

test("a dead letter of a FIFO queue stays in its group, and is there once when it is sent again", async () => {
  const client = new SQSClient(await localRegion());
  const queue = { QueueName: "dead.fifo", Attributes: { FifoQueue: "true" } };
  const { QueueUrl = "" } = await client.send(new CreateQueueCommand(queue));
  const message = sampleMessage({ body: "{", groupId: "AAPL", sequenceNumber: "18849496460467696128" });
  await sqsDeadLetters(client, QueueUrl).send(message, reason);
  await sqsDeadLetters(client, QueueUrl).send(message, reason);
  const receive = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const] };
  const { Messages = [] } = await client.send(new ReceiveMessageCommand(receive));
  expect(Messages).toMatchObject([{ Body: "{", Attributes: { MessageGroupId: "AAPL" } }]);
});

test("a message with ten attributes leaves no room for a lineage: the copy is refused, not sent without", async () => {
  const { client, url } = await newQueue();
  const attributes = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`a${index}`, { dataType: "String", stringValue: "x" }]),
  );
  await expect(sqsDeadLetters(client, url).send(sampleMessage({ attributes }), reason)).rejects.toThrow();
  expect(await received(client, url)).toEqual([]);
});

describe("visibility", () => {
  const visible = async (client: SQSClient, url: string): Promise<string | undefined> => {
    const AttributeNames = ["ApproximateNumberOfMessages" as const];
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
    return Attributes?.["ApproximateNumberOfMessages"];
  };

  async function receivedMessages(
    count: number,
  ): Promise<{ client: SQSClient; url: string; requests: string[]; changes: VisibilityChange[] }> {
    const { client, url } = await newQueue();
    await sendMessages(
      client,
      url,
      Array.from({ length: count }, (_, index) => ({ body: String(index) })),
    );
    const changes: VisibilityChange[] = [];
    while (changes.length < count) {
      const receive = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 });
      for (const { ReceiptHandle = "" } of (await client.send(receive)).Messages ?? []) {
        changes.push({ message: sampleMessage({ receiptHandle: ReceiptHandle }), afterSeconds: 0 });
      }
    }
    const requests: string[] = [];
    client.middlewareStack.add(
      (next, context) => (args) => {
        requests.push(context.commandName ?? "");
        return next(args);
      },
      { step: "finalizeRequest" },
    );
    return { client, url, requests, changes };
  }

  test("25 messages are visible again after three requests", async () => {
    const { client, url, requests, changes } = await receivedMessages(25);
    await sqsVisibility(client, url).change(changes);
    expect(requests).toEqual(Array(3).fill("ChangeMessageVisibilityBatchCommand"));
    expect(await visible(client, url)).toBe("25");
    await sqsVisibility(client, url).change([]);
    expect(requests.filter((name) => name.startsWith("Change"))).toHaveLength(3);
  });

  test("a message that the service refuses, or that cannot be named, does not keep the others", async () => {
    const { client, url, requests, changes } = await receivedMessages(3);
    const unknown = { message: sampleMessage({ receiptHandle: "none" }), afterSeconds: 0 };
    const unnamed = { message: sampleMessage(), afterSeconds: 0 };
    await sqsVisibility(client, url).change([unknown, ...changes, unnamed]);
    expect(requests).toHaveLength(1);
    expect(await visible(client, url)).toBe("3");
  });

  test("what the service failed by its own fault is tried again, and only that", async () => {
    const { client, url, changes } = await receivedMessages(3);
    const sent: number[] = [];
    client.middlewareStack.add(
      (next) => async (args) => {
        const { Entries = [] } = args.input as ChangeMessageVisibilityBatchCommandInput;
        sent.push(Entries.length);
        if (sent.length > 1) return next(args);
        const Failed = [{ Id: Entries[0]?.Id, SenderFault: false, Code: "InternalError" }];
        await next({ ...args, input: { ...args.input, Entries: Entries.slice(1) } });
        return { response: undefined, output: { $metadata: {}, Failed } as never };
      },
      { step: "initialize" },
    );
    await sqsVisibility(client, url).change(changes);
    expect(sent).toEqual([3, 1]);
  });

  test("a request that fails as a whole throws, and the others have been made", async () => {
    const { client, url, changes } = await receivedMessages(20);
    let requests = 0;
    client.middlewareStack.add(
      (next) => (args) => {
        if (requests++ === 0) throw new Error("no route");
        return next(args);
      },
      { step: "initialize" },
    );
    await expect(sqsVisibility(client, url).change(changes)).rejects.toThrow("no route");
    expect(await visible(client, url)).toBe("10");
  });
});
