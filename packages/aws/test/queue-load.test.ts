import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { startRedrive } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { sqsLoad } from "../src/recovery/index.ts";
import { heldMessages, redriveTrial } from "./redrive-trial.ts";
import { type ClientSettings, localRegion } from "./region.ts";

const PATIENCE = { timeout: 60_000, interval: 200 };
const JUMP_SECONDS = 180;

async function jump({ endpoint }: ClientSettings): Promise<void> {
  const body = JSON.stringify({ seconds: JUMP_SECONDS, waitSeconds: 60 });
  const { ok, statusText } = await fetch(new URL("/_reliq/jump", endpoint), { method: "POST", body });
  if (!ok) throw new Error(statusText);
}

test("what a consumer processes comes from its queue's metrics; a queue that nobody used has none", async () => {
  const { region, queueLoad } = await load();
  expect(await queueLoad("orders")).toEqual({});
  const { processed, send } = await redriveTrial({ region });
  for (const body of ["1", "2", "3"]) await send(body);
  await expect.poll(() => processed.length, PATIENCE).toBe(3);
  await jump(region);
  expect(await queueLoad("orders")).toEqual({ oldestAgeSeconds: 0, processed: 3 });
}, 120_000);

test("a redrive into a queue that is too old sends nothing, and says why", async () => {
  const { region, queueLoad } = await load();
  const { ports, store, put, send } = await redriveTrial({ region, queueLoad, consumes: false });
  await send("nobody receives it");
  await jump(region);
  expect((await queueLoad("orders")).oldestAgeSeconds).toBeGreaterThan(100);
  await put(heldMessages([1]));
  const { id } = await startRedrive({ queue: "orders" }, { maxQueueAgeSeconds: 100 }, "ann", ports);
  await expect.poll(async () => (await store.run(id))?.waitingBecause, PATIENCE).toMatch(/oldest message is \d+ s old/);
  expect(await store.run(id)).toMatchObject({ state: "running", planned: 1, sent: 0 });
}, 120_000);

async function load(): Promise<{ readonly region: ClientSettings; readonly queueLoad: ReturnType<typeof sqsLoad> }> {
  const region = await localRegion({ jumps: true });
  return { region, queueLoad: sqsLoad(new CloudWatchClient(region), () => Date.now() + JUMP_SECONDS * 1_000) };
}
