import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ENVELOPE_ATTRIBUTE } from "@reliq/core";
import { sampleEntry, sampleMessage } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { type Producer, type ProducerOptions, producer, sqsDeadLetters } from "../src/index.ts";
import { type ClaimCheckOptions, claimCheck } from "../src/s3/index.ts";
import { localRegion } from "./region.ts";

const LARGEST = 1_048_576;

interface Trial {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly orders: Producer;
  readonly keys: () => Promise<(string | undefined)[]>;
  readonly received: () => Promise<readonly Message[]>;
  readonly body: (message: Message | undefined) => Promise<string | undefined>;
}

async function trial(check: Partial<ClaimCheckOptions> = {}, options: Partial<ProducerOptions> = {}): Promise<Trial> {
  const settings = await localRegion();
  const s3 = new S3Client({ ...settings, forcePathStyle: true, maxAttempts: 1 });
  const sqs = new SQSClient(settings);
  await s3.send(new CreateBucketCommand({ Bucket: "bodies" }));
  const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "true" };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders.fifo", Attributes }));
  const read = async (Bucket: string, Key: string): Promise<string | undefined> =>
    (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  return {
    sqs,
    queueUrl: QueueUrl,
    orders: producer({
      client: sqs,
      queueUrl: QueueUrl,
      groupId: () => "g",
      claimCheck: claimCheck({ bucket: "bodies", client: s3, ...check }),
      ...options,
    }),
    keys: async () =>
      ((await s3.send(new ListObjectsV2Command({ Bucket: "bodies" }))).Contents ?? []).map(({ Key }) => Key),
    received: async () => {
      const request = { QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
      return (await sqs.send(new ReceiveMessageCommand(request))).Messages ?? [];
    },
    body: async (message) => {
      const { v, s3: at } = JSON.parse(message?.MessageAttributes?.[ENVELOPE_ATTRIBUTE]?.StringValue ?? "{}");
      expect(v).toBe(1);
      return read(at.bucket, at.key);
    },
  };
}

test("a body over the service's limit waits in S3, and one just within goes as it is", async () => {
  const { orders, received, body } = await trial();
  const [large, fits] = [`${"🦆".repeat(LARGEST / 4)}x`, "y".repeat(LARGEST)];
  await orders.send([{ body: large }, { body: fits }]);
  const [first] = await received();
  expect(JSON.parse(first?.Body ?? "")).toEqual({
    s3: { bucket: "bodies", key: expect.stringMatching(/^bodies\/\w{64}$/) },
  });
  expect(await body(first)).toBe(large);
});

test("attributes count, and stay with the message", async () => {
  const { orders, received, body } = await trial({ overBytes: 16, prefix: "" });
  const attributes = { store: { dataType: "String", stringValue: "five" } };
  await orders.send([{ body: "{}", attributes }, { body: "[1]" }]);
  const [first, second] = await received();
  expect(await body(first)).toBe("{}");
  expect(first?.MessageAttributes?.["store"]).toEqual({ DataType: "String", StringValue: "five" });
  expect(second?.Body).toBe("[1]");
});

test("a dead letter points to its body too", async () => {
  const { sqs, queueUrl, received, body, orders } = await trial({ overBytes: 0 });
  await orders.send([{ body: "{" }]);
  const [first] = await received();
  const stringValue = first?.MessageAttributes?.[ENVELOPE_ATTRIBUTE]?.StringValue ?? "";
  const attributes = { [ENVELOPE_ATTRIBUTE]: { dataType: "String", stringValue } };
  const dead = sampleMessage({ body: first?.Body ?? "", attributes, groupId: "dead", sequenceNumber: "1" });
  await sqsDeadLetters(sqs, queueUrl).send(dead, sampleEntry().reason);
  expect(await body((await received())[0])).toBe("{");
});

test("a repeat overwrites itself, and other bodies stay other messages where the queue deduplicates by content", async () => {
  const { orders, keys, received } = await trial({ overBytes: 0 });
  await orders.send([{ body: "a" }, { body: "b" }, { body: "a" }]);
  await orders.send([{ body: "a" }]);
  expect(await keys()).toHaveLength(2);
  expect(await received()).toHaveLength(2);
});

test("what cannot be stored is not sent, nor is what is behind it in its group", async () => {
  const { orders, received } = await trial({ overBytes: 3, bucket: "nowhere" });
  const { sent, failed } = await orders.trySend([{ body: "a" }, { body: "large" }, { body: "b" }]);
  expect(sent.map(({ index }) => index)).toEqual([0]);
  expect(failed).toMatchObject([
    { index: 1, code: "NoSuchBucket", message: expect.stringMatching(/^Its body could not be stored: /) },
    { index: 2, code: "behind-failed" },
  ]);
  expect((await received()).map(({ Body }) => Body)).toEqual(["a"]);
});

test.each([
  ["bucket", "", "the name of a bucket"],
  ["prefix", 5, "a text"],
  ["overBytes", LARGEST + 1, `a whole number of bytes from 0 to ${LARGEST}`],
  ["client", null, "an S3Client"],
])("option %s of %j is refused with what it takes", (option, value, takes) => {
  const options = { bucket: "bodies", [option]: value } as ClaimCheckOptions;
  expect(() => claimCheck(options)).toThrow(
    expect.objectContaining({ code: "claim-check-option", message: expect.stringContaining(takes) }),
  );
});
