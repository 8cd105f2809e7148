import { setTimeout as wait } from "node:timers/promises";
import type { DeleteMessageBatchCommandOutput } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { send, trial } from "./worker-trial.ts";

// What was measured of sqs-consumer 15, each as a test that Reliq's worker passes. Its rates and its requests a message are in the bench.

test("an end waits for the handlers that run, resolves within 50 ms of the last of them, and leaves no handled message", async () => {
  let fastestMs = Number.POSITIVE_INFINITY;
  // A busy machine can take any one of them longer; a wait of ours would be in each.
  for (let run = 0; run < 10 && fastestMs > 50; run++) fastestMs = Math.min(fastestMs, await endDuringHandlers());
  expect(fastestMs).toBeLessThanOrEqual(50);
});

/** Ends a worker while ten handlers run; gives back how long after the last of them it resolved, milliseconds. */
async function endDuringHandlers(): Promise<number> {
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
  const tookMs = performance.now() - lastEndedAt;
  expect(await given.left()).toBe(0);
  return tookMs;
}

test("an end cancels no delete: messages that were handled before it are gone after it", async () => {
  let deleting = 0;
  const given = await trial({});
  given.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "DeleteMessageBatchCommand") {
          deleting++;
          await wait(300);
        }
        return next(args);
      },
    { step: "initialize" },
  );
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run({ drainSeconds: 0 });
  await expect.poll(() => deleting, { timeout: 15_000 }).toBe(1);
  stop.abort();
  await ended;
  expect(await given.left()).toBe(0);
});

test("a handler that outlasts the visibility timeout runs once, by default: ten messages run ten times, not forty", async () => {
  let runs = 0;
  const handle = async (): Promise<void> => {
    runs++;
    await wait(2_600);
  };
  const given = await trial({ handle }, { VisibilityTimeout: "1" });
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run({ pollers: 2 });
  await expect.poll(given.left, { timeout: 10_000, interval: 200 }).toBe(0);
  stop.abort();
  await ended;
  expect(runs).toBe(10);
});

test("a message that waits for its turn longer than the visibility timeout runs once", async () => {
  const runs: unknown[] = [];
  const handle = async (body: unknown): Promise<void> => {
    runs.push(body);
    await wait(400);
  };
  const given = await trial({ handle }, { VisibilityTimeout: "1" });
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run({ pollers: 2, concurrency: 1 });
  await expect.poll(given.left, { timeout: 20_000, interval: 200 }).toBe(0);
  stop.abort();
  await ended;
  expect(runs.sort()).toEqual([...Array(10).keys()]);
});

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

test("idle pollers do not multiply: an empty queue is asked by each poller once, and by none ahead", async () => {
  const given = await trial({});
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run({ pollers: 3 });
  await expect.poll(given.left, { timeout: 15_000 }).toBe(0);
  await wait(300);
  stop.abort();
  await ended;
  expect(given.requests.filter((name) => name === "ReceiveMessageCommand")).toHaveLength(4);
});
