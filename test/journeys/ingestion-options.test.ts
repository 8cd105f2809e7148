import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { useIngestionApp, WAIT } from "./ingestion-app.ts";

const app = useIngestionApp({ useKmsCmk: true, vpcEndpoints: true, fulfilmentUrl: undefined, reservedConcurrency: 2 });

test("with a key of its own, a network of its own and two workers at most, events have their effect as without", async () => {
  expect((await app.post({ orderId: "sealed", amount: 1 })).status).toBe(202);
  await expect.poll(app.missingOf(["sealed"]), WAIT).toEqual([]);
  const answer = await fetch(app.running().endpoint, {
    method: "POST",
    headers: { "x-amz-target": "TrentService.ListKeys" },
    body: "{}",
  });
  expect(((await answer.json()) as { Keys: unknown }).Keys).toHaveLength(1);
}, 90_000);

test("a hundred requests at once are all accepted, and every one has its effect", async () => {
  const before = (await app.readOrders()).size;
  const args = ["apps/event-ingestion/load-test.ts", "--url", app.url("")];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toMatchObject({ requests: 100, accepted: 100, throttled: 0, failed: 0 });
  await expect.poll(async () => (await app.readOrders()).size, { timeout: 150_000, interval: 500 }).toBe(before + 100);
}, 240_000);
