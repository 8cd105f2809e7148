import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { send, trial } from "../../test/worker-trial.ts";
import { downstream } from "../downstream/downstream.ts";
import type { BreakerState } from "../downstream/options.ts";
import { createPause } from "./pause.ts";

const refused = (): Promise<never> => Promise.reject(Object.assign(new Error("no route"), { code: "ECONNREFUSED" }));

test("while a breaker is open nothing is received and no handler starts, and no receive is spent on what is in hand", async () => {
  let isDown = true;
  const receives: number[] = [];
  const payments = downstream("payments", { breaker: { consecutiveFailures: 1, openSeconds: 1.5 } });
  const charge = (): Promise<void> => (isDown ? refused() : Promise.resolve());
  const given = await trial({
    concurrency: 1,
    retry: { backoff: { delaySeconds: () => 0 } },
    handle: async (_, { receiveCount }) => {
      await payments.call(charge);
      receives.push(receiveCount);
    },
  });
  await send(given, [...Array(30).keys()]);
  const { stop, ended } = given.run({ pauseWhile: [payments], concurrency: 1 });
  await expect.poll(payments.isOpen, { timeout: 15_000 }).toBe(true);
  isDown = false;
  await expect.poll(given.left, { timeout: 20_000, interval: 100 }).toBe(0);
  stop.abort();
  await ended;
  // The one whose failure opened it was received again.
  expect(receives.sort()).toEqual([...Array(29).fill(1), 2]);
  expect(given.lines.filter(({ event }) => event === "message-deferred")).toEqual([]);
});

test("a worker that ends while a breaker is open gives back what it has in hand, unattempted", async () => {
  let state: BreakerState = "closed";
  let runs = 0;
  const given = await trial({
    handle: () => {
      runs++;
      state = "open";
    },
  });
  await send(given, [...Array(10).keys()]);
  const { stop, ended } = given.run({ pauseWhile: [{ state: () => state }], concurrency: 1 });
  await expect.poll(() => runs, { timeout: 15_000 }).toBe(1);
  stop.abort();
  await ended;
  expect(runs).toBe(1);
  expect(await given.left()).toBe(9);
});

test("while a breaker tries, one handler enters at a time, and all of them once it is closed", async () => {
  let state: BreakerState = "half-open";
  const pause = createPause([{ state: () => state }], new AbortController().signal);
  const entered: (() => void)[] = [];
  for (let each = 0; each < 4; each++) void pause.enter().then((leave) => entered.push(leave));
  await wait(0);
  expect(entered).toHaveLength(1);
  entered[0]?.();
  await wait(0);
  expect(entered).toHaveLength(2);
  state = "closed";
  entered[1]?.();
  await wait(0);
  expect(entered).toHaveLength(4);
});

test("a try that fails keeps the others waiting until the breaker tries again", async () => {
  let state: BreakerState = "half-open";
  const pause = createPause([{ state: () => state }], new AbortController().signal);
  const leave = await pause.enter();
  let entered = false;
  const waiting = pause.enter().then(() => {
    entered = true;
  });
  state = "open";
  leave();
  await wait(0);
  expect(entered).toBe(false);
  state = "half-open";
  await waiting;
});
