import { setTimeout as wait } from "node:timers/promises";
import { causeOfDeath, Deferral, exponential, type HandlerContext, PermanentFailure } from "@reliq/core";
import { expect, test } from "vitest";
import { again, batch, trial } from "../../packages/aws/test/consumer-trial.ts";
import { useSourceFixture } from "../../packages/local/test/source-fixture.ts";
import { reliq } from "../journeys/command.ts";
import { messagesLeft, queueTrial } from "./queue-trial.ts";

// What users of such tools complain about, as far as a consumer can do something about it. The other half is the recovery's.

const PATIENCE = { timeout: 25_000, interval: 100 };

test("complaint 1: a dead letter has the reason of every attempt, the first one's too", async () => {
  const handle = (_: unknown, { receiveCount }: HandlerContext): void => {
    throw new Error(`boom ${receiveCount}`);
  };
  const { send, work, dead, journal } = await queueTrial({ handle });
  const messageId = await send("{}");
  work();
  expect((await dead()).MessageId).toBe(messageId);
  const attempts = await journal.attempts("orders", messageId);
  expect(attempts.map(({ reason }) => reason.message)).toEqual(["boom 1", "boom 2"]);
  expect(causeOfDeath({ attempts })).toMatchObject({ cause: "threw", inferred: false });
});

test("complaint 3: on FIFO nothing of a group runs after a failure in the same batch, and other groups go on", async () => {
  const handled: unknown[] = [];
  const handle = (body: unknown): void => {
    handled.push(body);
    if (body === 2) throw new Error("boom");
  };
  const { deliver } = await trial({ handle });
  const groups = (index: number): string => (index % 2 === 0 ? "even" : "odd");
  expect(await deliver(batch(8, "a", groups))).toEqual(["a-2", "a-4", "a-6"]);
  expect(handled.toSorted()).toEqual([0, 1, 2, 3, 5, 7]);
});

const throttled = useSourceFixture();

test("complaint 5: a message that died of throttles says so, and is not taken for a failure of its handler", async () => {
  const { fixture, consumer, map, queue, send, started } = throttled;
  const dead = await queue("dead");
  const redrive = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  const { url, arn } = await queue("orders", { RedrivePolicy: redrive });
  await fixture().deploy({ consumer: consumer("", { ReservedConcurrentExecutions: 0 }) });
  await send(url, ["never run"]);
  await map(arn);
  const { endpoint } = fixture().region;
  const readDead = async (): Promise<unknown> =>
    JSON.parse((await reliq("failures", "--json", "--endpoint", endpoint)).output);
  await expect.poll(readDead, PATIENCE).toMatchObject([{ queue: "orders", cause: "throttled-never-ran" }]);
  expect(started()).toEqual([]);
});

test("complaint 5: a handler can give a message back for a throttle, and it has not failed", async () => {
  let open = true;
  const handle = (): void => {
    if (open) throw new Deferral("payments is open", { retryAfterSeconds: 0 });
  };
  const { send, work, journal, lines } = await queueTrial({ handle }, { maxReceiveCount: 100 });
  const messageId = await send("{}");
  work();
  await expect.poll(() => lines.length, PATIENCE).toBeGreaterThan(2);
  open = false;
  expect(lines[0]).toMatchObject({ event: "message-deferred", cause: "handler", why: "payments is open" });
  expect(await journal.attempts("orders", messageId)).toEqual([]);
});

test("complaint 6: a handler that outlasts the visibility runs once, and what is skipped beside it comes back", async () => {
  const runs: unknown[] = [];
  const handle = async (body: unknown, { receiveCount }: HandlerContext): Promise<void> => {
    runs.push(body);
    if (body === "slow") await wait(2_500);
    if (body === "skipped" && receiveCount === 1) throw new Deferral("not now", { retryAfterSeconds: 0 });
  };
  const { send, work, sqs, queueUrl } = await queueTrial({ handle }, { maxReceiveCount: 10 });
  await send('"slow"');
  await send('"skipped"');
  work();
  await expect.poll(() => runs.filter((body) => body === "skipped").length, PATIENCE).toBe(2);
  await expect.poll(() => messagesLeft(sqs, queueUrl), PATIENCE).toBe(0);
  expect(runs.filter((body) => body === "slow")).toHaveLength(1);
});

test("complaint 7: a batch that runs out of time gives back only what it did not do", async () => {
  const handled: unknown[] = [];
  let hangs = true;
  const handle = async (body: unknown): Promise<void> => {
    if (body === 3 && hangs) await new Promise(() => {});
    handled.push(body);
  };
  const { deliver } = await trial({ handle });
  const records = batch(10, "a");
  expect(await deliver(records, 1_500)).toEqual(["a-3"]);
  hangs = false;
  expect(await deliver(again(records.slice(3, 4)))).toEqual([]);
  expect(handled).toHaveLength(10);
});

test("complaint 8: a message that comes back under a new id is not swallowed by the key of its failed attempt", async () => {
  const handled: string[] = [];
  const handle = (_: unknown, { messageId }: HandlerContext): void => {
    handled.push(messageId);
    if (messageId === "a-0") throw new PermanentFailure("boom");
  };
  const { deliver } = await trial({ handle, idempotency: { key: () => "order-1" } });
  expect(await deliver(batch(1, "a"), 1_000)).toEqual(["a-0"]);
  let redriven = batch(1, "b");
  for (let left = await deliver(redriven); left.length > 0; left = await deliver(redriven)) {
    redriven = again(redriven);
    await wait(100);
  }
  expect(handled).toEqual(["a-0", "b-0"]);
});

test("complaint 9: a key that a killed attempt left in progress is taken over by the message's next receive", async () => {
  let kills = true;
  const handled: unknown[] = [];
  const handle = async (body: unknown): Promise<void> => {
    if (kills) await new Promise(() => {});
    handled.push(body);
  };
  const { deliver } = await trial({ handle, idempotency: { key: () => "order-1" } });
  // Its function is gone: nobody hears its answer.
  void deliver(batch(1, "a"), 60_000).catch(() => {});
  await expect.poll(() => deliver(batch(1, "b")), PATIENCE).toEqual(["b-0"]);
  kills = false;
  expect(await deliver(again(batch(1, "a")))).toEqual([]);
  expect(handled).toEqual([0]);
});

test("complaint 10: failed messages come back by exponential backoff with jitter, which is one option", async () => {
  const handle = (): void => {
    throw new Error("boom");
  };
  const backoff = exponential({ baseSeconds: 20, capSeconds: 300 });
  const { send, work, sqs, queueUrl, lines } = await queueTrial({ handle, retry: { backoff } }, { random: () => 0.5 });
  await send("{}");
  const hidden: number[] = [];
  sqs.middlewareStack.add(
    (next) => (args) => {
      for (const entry of (args.input as { Entries?: { VisibilityTimeout?: number }[] }).Entries ?? []) {
        if (entry.VisibilityTimeout !== undefined) hidden.push(entry.VisibilityTimeout);
      }
      return next(args);
    },
    { step: "initialize" },
  );
  work();
  await expect.poll(() => hidden, PATIENCE).toContain(10);
  expect(lines).toMatchObject([{ event: "attempt-failed", receiveCount: 1 }]);
  expect(await messagesLeft(sqs, queueUrl)).toBe(1);
});

test("complaint 15: a retried message, and its dead letter, have all that it was sent with", async () => {
  const seen: HandlerContext["attributes"][] = [];
  const handle = (_: unknown, { attributes, receiveCount }: HandlerContext): void => {
    seen.push(attributes);
    throw receiveCount === 1 ? new Error("boom") : new PermanentFailure("never");
  };
  const { send, work, dead } = await queueTrial({ handle, failFast: true }, { maxReceiveCount: 5 });
  const attributes = {
    tenant: { DataType: "String", StringValue: "ünï" },
    amount: { DataType: "Number.cents", StringValue: "300" },
    raw: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
  };
  await send(' {"a":"☃"}\n', { attributes });
  work();
  const { Body, MessageAttributes } = await dead();
  expect(Body).toBe(' {"a":"☃"}\n');
  expect(MessageAttributes).toMatchObject(attributes);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual(seen[0]);
  expect(Object.keys(seen[0] ?? {}).sort()).toEqual(["amount", "raw", "tenant"]);
});
