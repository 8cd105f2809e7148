import { setTimeout as wait } from "node:timers/promises";
import type { Journal } from "@reliq/core";
import { memoryJournal } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { send, trial } from "../../test/worker-trial.ts";

test("a heartbeat renews the claims of handlers that outlast it, so that no other message takes their key, in one request a batch", async () => {
  const runs: unknown[] = [];
  const { journal, renewals } = countRenewals();
  const handle = async (body: unknown): Promise<void> => {
    runs.push(body);
    if (runs.length === 1) await wait(3_300);
  };
  const retry = { backoff: { delaySeconds: () => 0 } };
  const idempotency = { key: () => "one" };
  const given = await trial({ handle, retry, idempotency }, { VisibilityTimeout: "1" });
  await send(given, [1]);
  const { stop, ended } = given.run({}, { journal });
  await expect.poll(() => runs, { timeout: 10_000 }).toEqual([1]);
  await send(given, [1]);
  await expect.poll(given.left, { timeout: 20_000, interval: 100 }).toBe(0);
  stop.abort();
  await ended;
  expect(runs).toEqual([1]);
  expect(renewals.length).toBeGreaterThanOrEqual(3);
  expect(new Set(renewals)).toEqual(new Set([1]));
});

test("claims cost no renewal where handlers end before the first heartbeat", async () => {
  const { journal, renewals } = countRenewals();
  const given = await trial({ handle: () => {}, idempotency: { key: (body) => String(body) } });
  await send(given, [...Array(20).keys()]);
  const { stop, ended } = given.run({}, { journal });
  await expect.poll(given.left, { timeout: 15_000 }).toBe(0);
  stop.abort();
  await ended;
  expect(renewals).toEqual([]);
});

test("messages that are over stay out of sight while others of their batch are given back", async () => {
  const runs: unknown[] = [];
  const handle = (body: unknown): void => {
    runs.push(body);
    if (body === 0 && runs.filter((each) => each === 0).length === 1) throw new Error("not yet");
  };
  const retry = { backoff: { delaySeconds: () => 0 } };
  const given = await trial({ handle, retry }, { VisibilityTimeout: "1" });
  let slow = true;
  given.client.middlewareStack.add(
    (next, context) => async (args) => {
      if (slow && context.commandName === "ChangeMessageVisibilityBatchCommand") {
        slow = false;
        await wait(2_500);
      }
      return next(args);
    },
    { step: "initialize" },
  );
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run({ pollers: 2 });
  await expect.poll(given.left, { timeout: 10_000, interval: 100 }).toBe(0);
  stop.abort();
  await ended;
  expect(slow).toBe(false);
  expect(runs.filter((each) => each !== 0)).toHaveLength(9);
});

/** A journal, and how many claims each request renewed. */
function countRenewals(): { readonly journal: Journal; readonly renewals: readonly number[] } {
  const renewals: number[] = [];
  const kept = memoryJournal();
  const renew: Journal["renew"] = (claims) => {
    renewals.push(claims.length);
    return kept.renew(claims);
  };
  return { journal: { ...kept, renew }, renewals };
}
