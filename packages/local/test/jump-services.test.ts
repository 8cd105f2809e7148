import {
  CreateTableCommand,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { useJumpFixture } from "./jump-fixture.ts";

const fixture = useJumpFixture();
const DAY_SECONDS = 86_400;

const jump = (seconds: number) => fixture().region.jump({ seconds });

async function newQueue(name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = "" } = await fixture().sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  return QueueUrl;
}

const send = (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
  fixture().sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));

// source: SQS developer guide, "Visibility timeout"
test("a message whose visibility of 300 s is jumped over comes again, with receive count 2, in a moment", async () => {
  const url = await newQueue("orders", { VisibilityTimeout: "300" });
  await send(url, "one");
  const [first] = await fixture().receive(url);
  expect(await fixture().receive(url)).toEqual([]);
  const began = performance.now();
  await jump(300);
  const [again] = await fixture().receive(url);
  expect(performance.now() - began).toBeLessThan(2_000);
  expect(again).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: "2" } });
});

test("a jump short of the visibility shows nothing", async () => {
  const url = await newQueue("orders", { VisibilityTimeout: "300" });
  await send(url, "one");
  expect(await fixture().receive(url)).toHaveLength(1);
  await jump(290);
  expect(await fixture().receive(url)).toEqual([]);
  await jump(10);
  expect(await fixture().receive(url)).toHaveLength(1);
});

// source: SQS developer guide, "Delay queues"
test("a delayed message appears once its delay is jumped over", async () => {
  const url = await newQueue("orders");
  await send(url, "later", { DelaySeconds: 900 });
  expect(await fixture().receive(url)).toEqual([]);
  await jump(900);
  expect(await fixture().receive(url)).toMatchObject([{ Body: "later" }]);
});

// source: SQS developer guide, "Exactly-once processing in Amazon SQS": 5 minutes, also after the delete
test("the deduplication of a FIFO queue ends after five minutes", async () => {
  const url = await newQueue("orders.fifo", { FifoQueue: "true" });
  const once = { MessageGroupId: "g", MessageDeduplicationId: "d" };
  await send(url, "one", once);
  const [first] = await fixture().receive(url);
  await fixture().sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  await jump(299);
  await send(url, "repeat", once);
  expect(await fixture().receive(url)).toEqual([]);
  await jump(1);
  await send(url, "new", once);
  expect(await fixture().receive(url)).toMatchObject([{ Body: "new" }]);
});

// source: SQS developer guide, "Message retention"
test("a message whose retention is jumped over is gone", async () => {
  const url = await newQueue("orders", { MessageRetentionPeriod: String(4 * DAY_SECONDS) });
  await send(url, "old");
  await jump(4 * DAY_SECONDS);
  expect(await fixture().receive(url)).toEqual([]);
  const input = { QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages" as const] };
  const { Attributes } = await fixture().sqs.send(new GetQueueAttributesCommand(input));
  expect(Attributes).toEqual({ ApproximateNumberOfMessages: "0" });
});

// source: DynamoDB developer guide, "Time to Live"
test("an item whose time to live is jumped over is deleted, and one with time left is not", async () => {
  const { dynamodb } = fixture();
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "claims",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: true };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: "claims", TimeToLiveSpecification }));
  const put = (id: string, inSeconds: number) => {
    const expiresAt = { N: String(Math.floor(Date.now() / 1_000) + inSeconds) };
    const Item: PutItemCommandInput["Item"] = { id: { S: id }, expiresAt };
    return dynamodb.send(new PutItemCommand({ TableName: "claims", Item }));
  };
  const get = async (id: string) =>
    (await dynamodb.send(new GetItemCommand({ TableName: "claims", Key: { id: { S: id } } }))).Item;
  await put("short", 3_600);
  await put("long", 2 * DAY_SECONDS);
  await jump(DAY_SECONDS);
  await expect.poll(() => get("short")).toBeUndefined();
  expect(await get("long")).toBeDefined();
});

test("the state outlives a restart in the region's time: what was in flight comes when it would have", async () => {
  const url = await newQueue("orders", { VisibilityTimeout: "300" });
  await send(url, "one");
  await jump(DAY_SECONDS);
  expect(await fixture().receive(url)).toHaveLength(1);
  await fixture().restart();
  const here = new URL(new URL(url).pathname, fixture().region.endpoint).href;
  expect(await fixture().receive(here)).toEqual([]);
  await jump(300);
  expect(await fixture().receive(here)).toMatchObject([{ Attributes: { ApproximateReceiveCount: "2" } }]);
});

// source: S3 user guide, "Download and upload objects with presigned URLs"
test("a presigned URL whose time is jumped over is refused", async () => {
  const { region } = fixture();
  const url = (path: string) => `${region.endpoint}/bucket${path}`;
  const signed = { authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request" };
  await fetch(url(""), { method: "PUT", headers: signed });
  await fetch(url("/key"), { method: "PUT", headers: signed, body: "here" });
  const query = new URLSearchParams({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "a/20260101/us-east-1/s3/aws4_request",
    "X-Amz-Date": new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ""),
    "X-Amz-Expires": "900",
  });
  const get = async () => (await fetch(url(`/key?${query}`))).status;
  expect(await get()).toBe(200);
  await jump(800);
  expect(await get()).toBe(200);
  await jump(101);
  expect(await get()).toBe(403);
});
