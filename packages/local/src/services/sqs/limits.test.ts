import { afterAll, beforeAll, expect, test } from "vitest";
import type { Members } from "../../kernel/service.ts";
import { newQueue, openRegion, type TestRegion } from "./fixture.ts";

/** SQS quotas: messages in flight, and the messages that a FIFO queue looks at. */
const LIMIT = 120_000;

let local: TestRegion;
beforeAll(async () => {
  local = await openRegion();
});
afterAll(() => local.close());

const call = (action: string, input: Members) => local.region.call("sqs", action, input);
const receive = async (url: string, input: Members = {}): Promise<unknown[]> =>
  ((await call("ReceiveMessage", { QueueUrl: url, MaxNumberOfMessages: 10, ...input }))["Messages"] ?? []) as unknown[];

async function fill(url: string, messages: number, group?: (index: number) => string): Promise<void> {
  await inBatches(messages, async (first) => {
    const Entries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      MessageBody: "x",
      ...(group && { MessageGroupId: group(first + index), MessageDeduplicationId: String(first + index) }),
    }));
    await call("SendMessageBatch", { QueueUrl: url, Entries });
  });
}

/** Calls for each ten of so many messages, some at once as busy clients do. */
async function inBatches(messages: number, work: (first: number) => Promise<void>): Promise<void> {
  for (let first = 0; first < messages; first += 1_000) {
    const calls = Math.min(100, (messages - first) / 10);
    await Promise.all(Array.from({ length: calls }, (_, index) => work(first + index * 10)));
  }
}

// source: Amazon SQS developer guide, "Amazon SQS standard queue and message quotas"
test("a standard queue has 120,000 messages in flight, then a short poll is over the limit and a long one finds nothing", async () => {
  const url = await newQueue(local, { VisibilityTimeout: "1000" });
  await fill(url, LIMIT + 10);
  await inBatches(LIMIT, async () => {
    await receive(url);
  });
  await expect(receive(url)).rejects.toMatchObject({ code: "OverLimit" });
  const waiting = receive(url, { WaitTimeSeconds: 5 });
  await call("ListQueues", {});
  local.clock.advance(5);
  expect(await waiting).toEqual([]);
  local.clock.advance(1_000);
  expect(await receive(url)).toHaveLength(10);
}, 120_000);

// source: Amazon SQS developer guide, "Amazon SQS FIFO queue and message quotas"
test("a FIFO queue looks at its first 120,000 messages only, so that one large group starves the others", async () => {
  const url = await newQueue(local, { FifoQueue: "true", VisibilityTimeout: "1000" });
  await fill(url, LIMIT, () => "large");
  await fill(url, 10, () => "small");
  expect(await receive(url)).toHaveLength(10);
  expect(await receive(url)).toEqual([]);
  const { Messages } = await call("ReliqPeekMessages", { QueueUrl: url, Limit: 1 });
  expect(Messages).toMatchObject([{ State: "inFlight" }]);
}, 120_000);

// source: Amazon SQS developer guide, "Amazon SQS FIFO queue and message quotas"
test("a FIFO queue at its limit in flight gives nothing, without an error", async () => {
  const url = await newQueue(local, { FifoQueue: "true", VisibilityTimeout: "1000" });
  await fill(url, LIMIT, (index) => `g${Math.floor(index / 10)}`);
  await inBatches(LIMIT, async () => {
    await receive(url);
  });
  await fill(url, 10, () => "late");
  expect(await receive(url)).toEqual([]);
}, 120_000);
