import {
  type AttributeValue,
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  type StreamViewType,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type LogLine, lineageOf, type OutgoingMessage } from "@reliq/core";
import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";
import { expect, test } from "vitest";
import { type OutboxOptions, outboxHandler, outboxItem, producer } from "../src/index.ts";
import { localRegion } from "./region.ts";

type Item = Record<string, AttributeValue>;

interface Received {
  readonly body: string;
  readonly lineage: string;
  readonly attributes: readonly string[];
}

interface Trial {
  readonly put: (id: string, message?: OutgoingMessage, more?: Item) => Promise<unknown>;
  readonly client: DynamoDBClient;
  /** What Lambda hands over: every record of the stream. */
  readonly records: () => Promise<readonly DynamoDBRecord[]>;
  readonly handle: (records: readonly DynamoDBRecord[], options?: OutboxOptions) => Promise<DynamoDBBatchResponse>;
  readonly received: () => Promise<readonly Received[]>;
  readonly lines: LogLine[];
}

async function outbox(queueName: string, view: StreamViewType = "NEW_IMAGE"): Promise<Trial> {
  const settings = await localRegion();
  const client = new DynamoDBClient(settings);
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName: "orders",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: view },
    }),
  );
  const sqs = new SQSClient(settings);
  const Attributes = queueName.endsWith(".fifo") ? { FifoQueue: "true" } : {};
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: queueName, Attributes }));
  const orders = producer({ client: sqs, queueUrl: QueueUrl, groupId: () => "g" });
  const lines: LogLine[] = [];
  return {
    client,
    lines,
    put: (id, message, more = {}) => {
      const Item = { pk: { S: id }, ...more, ...(message && outboxItem(message)) };
      return client.send(new PutItemCommand({ TableName: "orders", Item }));
    },
    records: () => readStream(settings.endpoint, TableDescription?.LatestStreamArn ?? ""),
    handle: (records, options) => {
      const log = (line: LogLine): void => void lines.push(line);
      return outboxHandler(orders, { log, ...options })({ Records: [...records] });
    },
    received: async () => {
      const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
      return Messages.map(({ Body = "", MessageId: messageId = "", MessageAttributes = {} }) => {
        const { Reliq: envelope } = MessageAttributes;
        const attributes = { Reliq: { dataType: "String", stringValue: envelope?.StringValue ?? "" } };
        return {
          body: Body,
          lineage: lineageOf({ messageId, attributes }),
          attributes: Object.keys(MessageAttributes),
        };
      });
    },
  };
}

/** By hand: there is no client for streams of the same version as the others. */
async function readStream(endpoint: string, StreamArn: string): Promise<readonly DynamoDBRecord[]> {
  const call = async (action: string, input: object): Promise<Record<string, unknown>> => {
    const credential = "Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0";
    const headers = {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDBStreams_20120810.${action}`,
      authorization: `AWS4-HMAC-SHA256 ${credential}`,
    };
    const response = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify(input) });
    return (await response.json()) as Record<string, unknown>;
  };
  const { StreamDescription } = await call("DescribeStream", { StreamArn });
  const { ShardId } = (StreamDescription as { Shards: [{ ShardId: string }] }).Shards[0];
  const from = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
  const { ShardIterator } = await call("GetShardIterator", from);
  const { Records } = await call("GetRecords", { ShardIterator });
  return (Records as DynamoDBRecord[]).map((record) => ({ ...record, eventSourceARN: StreamArn }));
}

const identifiers = ({ batchItemFailures }: DynamoDBBatchResponse): string[] =>
  batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

test("a message is sent if and only if its transaction was", async () => {
  const { client, records, handle, received } = await outbox("orders.fifo");
  const write = (id: string, ConditionExpression: string): Promise<unknown> =>
    client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: "orders", Item: { pk: { S: `order#${id}` } }, ConditionExpression } },
          { Put: { TableName: "orders", Item: { pk: { S: `outbox#${id}` }, ...outboxItem({ body: id }) } } },
        ],
      }),
    );
  await write("1", "attribute_not_exists(pk)");
  await expect(write("2", "attribute_exists(pk)")).rejects.toThrow();
  expect(await handle(await records())).toEqual({ batchItemFailures: [] });
  expect((await received()).map(({ body }) => body)).toEqual(["1"]);
});

test("a message arrives as it was written, attributes and bytes too", async () => {
  const { put, records, handle, received } = await outbox("orders");
  const attributes = {
    store: { dataType: "Number", stringValue: "5" },
    icon: { dataType: "Binary", binaryValue: Uint8Array.of(0, 255) },
  };
  await put("1", { body: "🦆", attributes, delaySeconds: 0 }, { big: { N: "12345678901234567890" } });
  await handle(await records());
  const [message] = await received();
  expect(message).toMatchObject({ body: "🦆", attributes: expect.arrayContaining(["store", "icon", "Reliq"]) });
});

test("a repeated batch doubles nothing on FIFO, in the stream's order", async () => {
  const { put, records, handle, received } = await outbox("orders.fifo");
  for (let id = 1; id <= 9; id++) await put(String(id), { body: String(id) });
  const batch = await records();
  await handle(batch);
  await handle(batch.slice(4));
  await handle(batch);
  expect((await received()).map(({ body }) => body)).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
});

test("on a standard queue a repeat has the lineage of the first, and another insert of the same item has its own", async () => {
  const { client, put, records, handle, received } = await outbox("orders");
  await put("1", { body: "a" });
  await handle(await records());
  await handle(await records());
  await client.send(new DeleteItemCommand({ TableName: "orders", Key: { pk: { S: "1" } } }));
  await put("1", { body: "b" });
  await handle((await records()).slice(2));
  const lineages = (await received()).map(({ body, lineage }) => `${body} ${lineage}`);
  expect(lineages).toHaveLength(3);
  expect(new Set(lineages).size).toBe(2);
  expect(lineages.every((each) => /^[ab] \w{64}$/.test(each))).toBe(true);
});

test("changes, deletes and items that are no messages send nothing", async () => {
  const { client, put, records, handle, received } = await outbox("orders");
  await put("1", { body: "a" });
  await put("1", { body: "b" });
  await put("2");
  await client.send(new DeleteItemCommand({ TableName: "orders", Key: { pk: { S: "1" } } }));
  expect(await handle(await records())).toEqual({ batchItemFailures: [] });
  expect((await received()).map(({ body }) => body)).toEqual(["a"]);
});

test("at a failure it stops, and the stream comes back with the record that failed", async () => {
  const { put, records, handle, received, lines } = await outbox("orders");
  for (const id of ["1", "2", "3"]) await put(id, { body: id, ...(id === "2" && { delaySeconds: 901 }) });
  const batch = await records();
  expect(identifiers(await handle(batch))).toEqual([batch[1]?.dynamodb?.SequenceNumber]);
  expect(lines).toEqual([
    expect.objectContaining({
      event: "outbox-stuck",
      eventID: batch[1]?.eventID,
      error: expect.stringContaining("901"),
    }),
  ]);
  expect((await received()).map(({ body }) => body)).toContain("1");
});

test("an item that cannot be read stops the stream there, and what is before it is sent", async () => {
  const { put, records, handle, received, lines } = await outbox("orders");
  await put("1", { body: "1" });
  await put("2", undefined, { Reliq: { M: { v: { N: "1" } } } });
  await put("3", { body: "3" });
  const batch = await records();
  expect(identifiers(await handle(batch))).toEqual([batch[1]?.dynamodb?.SequenceNumber]);
  expect((await received()).map(({ body }) => body)).toEqual(["1"]);
  expect(lines).toMatchObject([{ error: expect.stringContaining("not what outboxItem() writes") }]);
});

test("items of one's own become messages by `toMessage`", async () => {
  const { put, records, handle, received } = await outbox("orders");
  await put("1", undefined, { total: { N: "3" } });
  await put("2");
  const toMessage = ({ pk, total }: Readonly<Record<string, unknown>>): OutgoingMessage | undefined =>
    total === undefined ? undefined : { body: JSON.stringify({ id: pk, total }) };
  await handle(await records(), { toMessage });
  expect((await received()).map(({ body }) => body)).toEqual(['{"id":"1","total":3}']);
});

test("a stream without new images, or another source's event, is refused as a whole", async () => {
  const { put, records, handle } = await outbox("orders", "KEYS_ONLY");
  await put("1", { body: "1" });
  const batch = await records();
  await expect(handle(batch)).rejects.toMatchObject({
    code: "outbox-view",
    message: expect.stringContaining("KEYS_ONLY"),
  });
  const others = [{ ...batch[0], eventSource: "aws:sqs" }] as DynamoDBRecord[];
  await expect(handle(others)).rejects.toMatchObject({ code: "not-a-stream-event" });
});
