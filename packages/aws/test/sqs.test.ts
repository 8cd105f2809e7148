import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ENVELOPE_ATTRIBUTE, type MessageAttribute } from "@reliq/core";
import { sampleEntry, sampleMessage } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { sendMessages, sqsDeadLetters } from "../src/index.ts";
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
        [ENVELOPE_ATTRIBUTE]: { DataType: "String", StringValue: '{"v":1,"id":"m-1","via":"fail-fast"}' },
      },
    },
  ]);
});

test("a message with ten attributes leaves no room for a lineage: the copy is refused, not sent without", async () => {
  const { client, url } = await newQueue();
  const attributes = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`a${index}`, { dataType: "String", stringValue: "x" }]),
  );
  await expect(sqsDeadLetters(client, url).send(sampleMessage({ attributes }), reason)).rejects.toThrow();
  expect(await received(client, url)).toEqual([]);
});
