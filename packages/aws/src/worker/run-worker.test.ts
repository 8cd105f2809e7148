import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
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
  const healthPort = 20_000 + Math.floor(Math.random() * 12_000);
  const health = `http://127.0.0.1:${healthPort}/health`;
  const status = async (): Promise<number | undefined> => (await fetch(health).catch(() => undefined))?.status;
  const { stop, ended } = given.run({ healthPort });
  await expect.poll(status, { timeout: 15_000 }).toBe(200);
  await given.client.send(new DeleteQueueCommand({ QueueUrl: given.queueUrl }));
  await expect.poll(status, { timeout: 25_000, interval: 100 }).toBe(503);
  expect(given.lines).toContainEqual(expect.objectContaining({ event: "receive-failed" }));
  stop.abort();
  await ended;
  await expect(fetch(health)).rejects.toThrow();
});

test("SIGTERM drains a worker's process: its handlers end, their messages are deleted, and it exits", async () => {
  const given = await trial({});
  await send(given, [...Array(30).keys()]);
  const { region, credentials, endpoint } = given.settings;
  const task = JSON.stringify({ queueUrl: given.queueUrl, region, credentials, endpoint });
  const script = fileURLToPath(new URL("../../test/worker-script.ts", import.meta.url));
  const child = fork(script, [task], { execArgv: ["--conditions=@reliq/source"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  let started = 0;
  child.on("message", () => started++);
  await expect.poll(() => started, { timeout: 30_000 }).toBe(10);
  child.kill("SIGTERM");
  const [code] = await once(child, "exit");
  expect(code).toBe(0);
  expect([started, await given.left()]).toEqual([10, 20]);
}, 60_000);

test("a queue that is not there is a clear error", async () => {
  const given = await trial({});
  const { ended } = given.run({ queueUrl: `${given.queueUrl}-gone` });
  await expect(ended).rejects.toMatchObject({
    code: "worker-queue",
    message: expect.stringContaining("cannot be read"),
  });
});
