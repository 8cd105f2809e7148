import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { Members } from "../../kernel/service.ts";
import { newQueue, newQueueWithDeadLetters, openRegion, type TestRegion } from "./fixture.ts";

let local: TestRegion | undefined;
afterEach(() => local?.close());

/** What a step works on: the queues, and the handles that were given out. */
interface Scene {
  readonly queues: readonly string[];
  readonly handles: [string, string][];
}

type Step = (scene: Scene, call: (action: string, input: Members) => Promise<Members>) => Promise<void>;

const queue = fc.nat({ max: 3 });
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

const send = fc.record({ queue, body: fc.nat({ max: 5 }), group: fc.nat({ max: 2 }), delay: fc.nat({ max: 3 }) }).map(
  ({ queue, body, group, delay }): Step =>
    async ({ queues }, call) => {
      const url = at(queues, queue);
      const fifo = url.endsWith(".fifo");
      await call("SendMessage", {
        QueueUrl: url,
        MessageBody: `body ${body}`,
        ...(fifo ? { MessageGroupId: `g${group}`, MessageDeduplicationId: `d${body}` } : { DelaySeconds: delay }),
      });
    },
);

const receive = fc.record({ queue, most: fc.integer({ min: 1, max: 10 }), visibility: fc.nat({ max: 4 }) }).map(
  ({ queue, most, visibility }): Step =>
    async ({ queues, handles }, call) => {
      const url = at(queues, queue);
      const input = { QueueUrl: url, MaxNumberOfMessages: most, VisibilityTimeout: visibility };
      const { Messages = [] } = await call("ReceiveMessage", input);
      for (const { ReceiptHandle } of Messages as { ReceiptHandle: string }[]) handles.push([url, ReceiptHandle]);
    },
);

const settle = fc.record({ handle: fc.nat(), visibility: fc.option(fc.nat({ max: 4 })) }).map(
  ({ handle, visibility }): Step =>
    async ({ handles }, call) => {
      if (handles.length === 0) return;
      const [QueueUrl, ReceiptHandle] = at(handles, handle);
      if (visibility === null) await call("DeleteMessage", { QueueUrl, ReceiptHandle });
      else await call("ChangeMessageVisibility", { QueueUrl, ReceiptHandle, VisibilityTimeout: visibility });
    },
);

const settleBatch = fc.nat().map(
  (first): Step =>
    async ({ handles }, call) => {
      if (handles.length === 0) return;
      const [url] = at(handles, first);
      const some = handles.filter(([each]) => each === url).slice(-10);
      const Entries = some.map(([, ReceiptHandle], index) => ({ Id: String(index), ReceiptHandle }));
      await call("DeleteMessageBatch", { QueueUrl: url, Entries });
    },
);

const purge = queue.map(
  (index): Step =>
    async ({ queues }, call) => {
      await call("PurgeQueue", { QueueUrl: at(queues, index) });
    },
);

const move = fc.boolean().map(
  (fifo): Step =>
    async ({ queues }, call) => {
      const name = at(queues, fifo ? 3 : 1);
      const SourceArn = `arn:aws:sqs:us-east-1:000000000000:${name.slice(name.lastIndexOf("/") + 1)}`;
      await call("StartMessageMoveTask", { SourceArn, MaxNumberOfMessagesPerSecond: 2 });
    },
);

const wait = fc.oneof(fc.constant(1), fc.constant(5), fc.constant(61), fc.constant(301)).map(
  (seconds): Step =>
    async () => {
      local?.clock.advance(seconds);
    },
);

const restart: fc.Arbitrary<Step> = fc.constant(async () => {
  local = await local?.restart();
});

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: send },
    { weight: 8, arbitrary: receive },
    { weight: 5, arbitrary: settle },
    { weight: 2, arbitrary: settleBatch },
    { weight: 1, arbitrary: purge },
    { weight: 2, arbitrary: move },
    { weight: 4, arbitrary: wait },
    { weight: 1, arbitrary: restart },
  ),
  { minLength: 20, maxLength: 80 },
);

test("each queue's account balances after every step, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (each) => {
      local = await openRegion();
      const settings = { VisibilityTimeout: "2", MessageRetentionPeriod: "120" };
      const standard = await newQueueWithDeadLetters(local, 2, settings);
      const fifo = await newQueueWithDeadLetters(local, 2, { ...settings, FifoQueue: "true" });
      const scene: Scene = { queues: [standard.url, standard.dead, fifo.url, fifo.dead], handles: [] };
      for (const step of each) {
        await step(scene, (action, input) => call(action, input));
        await requireBalance();
      }
      await local.close();
      local = undefined;
    }),
    { numRuns: 30 },
  );
}, 120_000);

/** What the service refuses, such as a second purge, is part of what happens. */
async function call(action: string, input: Members): Promise<Members> {
  return (local as TestRegion).region.call("sqs", action, input).catch((error: Error) => {
    if (error.name !== "ServiceError") throw error;
    return {};
  });
}

async function requireBalance(): Promise<void> {
  const { Queues } = await call("ReliqDescribeQueues", {});
  for (const each of Queues as {
    Waiting: number;
    InFlight: number;
    Delayed: number;
    History: Record<string, number>;
  }[]) {
    const { Accepted = 0, MovedIn = 0, Deleted = 0, Purged = 0, Expired = 0, MovedOut = 0 } = each.History;
    const known = each.Waiting + each.InFlight + each.Delayed + Deleted + Purged + Expired + MovedOut;
    expect(known, JSON.stringify(each)).toBe(Accepted + MovedIn);
  }
}

test("a deduplicated send is accepted once, and a peek changes nothing", async () => {
  local = await openRegion();
  const url = await newQueue(local, { FifoQueue: "true", ContentBasedDeduplication: "true" });
  const input = { QueueUrl: url, MessageBody: "same", MessageGroupId: "g" };
  await call("SendMessage", input);
  await call("SendMessage", input);
  await call("SendMessage", { ...input, MessageBody: "other" });
  const peek = (rest: Members) => call("ReliqPeekMessages", { QueueUrl: url, ...rest });
  const first = await peek({ Limit: 1 });
  expect(first["Messages"]).toMatchObject([
    { Body: "same", State: "waiting", Attributes: { ApproximateReceiveCount: "0", MessageGroupId: "g" } },
  ]);
  const second = await peek({ Limit: 10, After: first["NextToken"] });
  expect(second).toMatchObject({ Messages: [{ Body: "other" }] });
  expect(second).not.toHaveProperty("NextToken");
  const { Queues } = await call("ReliqDescribeQueues", {});
  expect(Queues).toMatchObject([{ Waiting: 2, InFlight: 0, FifoQueue: true, History: { Accepted: 2 } }]);
});
