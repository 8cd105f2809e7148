import { setTimeout as wait } from "node:timers/promises";
import type { DeleteMessageBatchCommandOutput } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { send, trial } from "../../test/worker-trial.ts";
import type { BatchSeen } from "../telemetry/metrics.ts";

test("messages are handled and deleted, in a fifth of a request each, and the worker ends with its signal", async () => {
  const handled: unknown[] = [];
  const given = await trial({ handle: (body) => void handled.push(body) });
  await send(given, [...Array(100).keys()]);
  given.requests.length = 0;
  const { stop, ended } = given.run();
  await expect
    .poll(() => given.requests.filter((name) => name === "DeleteMessageBatchCommand").length, { timeout: 15_000 })
    .toBe(10);
  await expect.poll(given.left, { timeout: 15_000 }).toBe(0);
  stop.abort();
  await ended;
  expect(handled.sort((a, b) => Number(a) - Number(b))).toEqual([...Array(100).keys()]);
  expect(given.requests.filter((name) => name === "ReceiveMessageCommand").length).toBeLessThanOrEqual(12);
});

test("metrics take note of the batches", async () => {
  const given = await trial({ handle: () => {} });
  await send(given, [1, 2, 3]);
  const seen: BatchSeen[] = [];
  const { stop, ended } = given.run({}, { metrics: (batch) => seen.push(batch) });
  await expect.poll(() => seen.flatMap(({ attempted }) => attempted), { timeout: 15_000 }).toHaveLength(3);
  stop.abort();
  await ended;
  expect(seen[0]).toMatchObject({ consumer: "orders" });
  expect(seen[0]?.attempted[0]?.outcome).toEqual({ kind: "processed" });
});

// sqs-consumer: its stop fires at once with ten handlers running, and ten handled messages stayed.
test("at shutdown no handled message stays, and the worker resolves with its last handler, not with its long poll", async () => {
  let running = 0;
  let lastEndedAt = 0;
  const handle = async (): Promise<void> => {
    running++;
    await wait(400);
    lastEndedAt = performance.now();
  };
  const given = await trial({ handle });
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run();
  await expect.poll(() => running, { timeout: 15_000 }).toBe(10);
  stop.abort();
  await ended;
  // Some 10 ms on a machine with nothing else to do; a busy one only must not wait for a poll (20 s) or a visibility timeout (30 s).
  expect(performance.now() - lastEndedAt).toBeLessThan(2_000);
  expect(await given.left()).toBe(0);
});

// sqs-consumer: a handler of 5 s with visibility 2 s: ten messages ran 40 times.
// sqs-consumer: rejected delete entries are not retried.
test("rejected delete entries are tried again", async () => {
  const given = await trial({});
  let rejections = 3;
  given.client.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const output = result.output as DeleteMessageBatchCommandOutput;
      if (context.commandName !== "DeleteMessageBatchCommand" || rejections-- <= 0) return result;
      const Failed = (output.Successful ?? []).map(({ Id }) => ({ Id, SenderFault: false, Code: "InternalError" }));
      return { ...result, output: { ...output, Successful: [], Failed } };
    },
    { step: "deserialize", priority: "high" },
  );
  await send(given, [1, 2, 3]);
  const { stop, ended } = given.run();
  await expect.poll(() => rejections, { timeout: 5_000 }).toBeLessThan(0);
  stop.abort();
  await ended;
  expect(given.lines.filter((line) => line.event === "delete-failed")).toEqual([]);
});

// sqs-consumer: on FIFO ten messages of one group ran at once; the third failed, and 4 to 9 were deleted.
test("on FIFO one handler a group runs at a time, and nothing after a failure is deleted before it", async () => {
  const order: number[] = [];
  let running = 0;
  let most = 0;
  let failures = 0;
  const handle = async (body: unknown): Promise<void> => {
    most = Math.max(most, ++running);
    await wait(5);
    running--;
    if (body === 3 && failures++ === 0) throw new Error("not yet");
    order.push(Number(body));
  };
  const retry = { backoff: { delaySeconds: () => 0 } };
  const given = await trial({ handle, retry }, { FifoQueue: "true", VisibilityTimeout: "5" });
  await send(given, [...Array(10).keys()], "g");
  const { stop, ended } = given.run({ pollers: 2 });
  await expect.poll(given.left, { timeout: 20_000, interval: 100 }).toBe(0);
  stop.abort();
  await ended;
  expect(most).toBe(1);
  expect(order).toEqual([...Array(10).keys()]);
});

test("messages that were fetched ahead are given back at shutdown, unattempted", async () => {
  const started: unknown[] = [];
  const handle = async (body: unknown): Promise<void> => {
    started.push(body);
    await wait(300);
  };
  const given = await trial({ handle });
  await send(given, [...Array(20).keys()]);
  const { stop, ended } = given.run({ concurrency: 2 });
  await expect.poll(() => started.length, { timeout: 15_000 }).toBe(2);
  stop.abort();
  await ended;
  expect(started.length).toBe(2);
  expect(await given.left()).toBe(18);
});

test("a handler that does not end with the drain is left, and its message stays", async () => {
  const given = await trial({ handle: () => new Promise(() => {}) });
  await send(given, [1]);
  const { stop, ended } = given.run({ drainSeconds: 0.2 });
  await expect.poll(() => given.requests, { timeout: 15_000 }).toContain("ReceiveMessageCommand");
  await wait(200);
  stop.abort();
  await ended;
  expect(await given.left()).toBe(1);
  expect(given.lines).toContainEqual(expect.objectContaining({ event: "attempt-failed", category: "timeout" }));
});

test("the health endpoint says whether the worker can receive", async () => {
  const given = await trial({});
  const { stop, ended } = given.run({ healthPort: 45_871 });
  await expect
    .poll(async () => (await fetch("http://127.0.0.1:45871/health").catch(() => undefined))?.status)
    .toBe(200);
  stop.abort();
  await ended;
  await expect(fetch("http://127.0.0.1:45871/health")).rejects.toThrow();
});

test("a queue that is not there is a clear error", async () => {
  const given = await trial({});
  const { ended } = given.run({ queueUrl: `${given.queueUrl}-gone` });
  await expect(ended).rejects.toMatchObject({
    code: "worker-queue",
    message: expect.stringContaining("cannot be read"),
  });
});
