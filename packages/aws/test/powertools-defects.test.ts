import { expect, test } from "vitest";
import { again, batch, trial } from "./consumer-trial.ts";

// What was measured of @aws-lambda-powertools 2.35 (batch, idempotency, parser), each as a test that Reliq passes.

/** A handler whose calls a test ends by hand, by number from 0. */
function handlerByHand(): {
  readonly handle: () => Promise<void>;
  readonly calls: PromiseWithResolvers<void>[];
  readonly mostAtOnce: () => number;
} {
  const calls: PromiseWithResolvers<void>[] = [];
  let atOnce = 0;
  let most = 0;
  return {
    calls,
    mostAtOnce: () => most,
    handle: async () => {
      const call = Promise.withResolvers<void>();
      calls.push(call);
      most = Math.max(most, ++atOnce);
      await call.promise.finally(() => atOnce--);
    },
  };
}

const idempotency = { key: () => "order-1" };

test("a stale owner that fails late cannot delete the claim of the live owner", async () => {
  const { handle, calls, mostAtOnce } = handlerByHand();
  const { deliver } = await trial({ handle, idempotency });
  const first = batch(1, "a");
  const stale = deliver(first);
  await expect.poll(() => calls.length).toBe(1);
  const live = deliver(again(first));
  await expect.poll(() => calls.length).toBe(2);
  calls[0]?.reject(new Error("too late"));
  expect(await stale).toEqual(["a-0"]);
  // Another message of this key must still find the live owner's claim.
  expect(await deliver(batch(1, "b"))).toEqual(["b-0"]);
  expect(await deliver(again(batch(1, "b")))).toEqual(["b-0"]);
  expect(calls).toHaveLength(2);
  calls[1]?.resolve();
  expect(await live).toEqual([]);
  expect(await deliver(again(again(batch(1, "b"))))).toEqual([]);
  expect(calls).toHaveLength(2);
  expect(mostAtOnce()).toBe(2);
});

test("a stale owner that succeeds late cannot complete the claim of the live owner", async () => {
  const { handle, calls } = handlerByHand();
  const { deliver, lines } = await trial({ handle, idempotency });
  const first = batch(1, "a");
  const stale = deliver(first);
  await expect.poll(() => calls.length).toBe(1);
  const live = deliver(again(first));
  await expect.poll(() => calls.length).toBe(2);
  calls[0]?.resolve();
  expect(await stale).toEqual(["a-0"]);
  expect(lines).toContainEqual(expect.objectContaining({ event: "message-deferred", cause: "claim-lost" }));
  expect(await deliver(batch(1, "b"))).toEqual(["b-0"]);
  calls[1]?.resolve();
  expect(await live).toEqual([]);
});

test("the key is the message's own: ten messages that are redelivered run ten times, not twenty", async () => {
  const handled: unknown[] = [];
  const { deliver } = await trial({ handle: (body) => void handled.push(body), idempotency: { key: String } });
  const records = batch(10, "a");
  expect(await deliver(records)).toEqual([]);
  expect(await deliver(again(records))).toEqual([]);
  expect(handled).toHaveLength(10);
});

test("one message twice in a batch does not fail its twin", async () => {
  const handled: unknown[] = [];
  const { deliver, lines } = await trial({ handle: (body) => void handled.push(body), idempotency });
  const [record] = batch(1, "a");
  const twin = { ...record!, messageId: "a-twin" };
  expect(await deliver([record!, twin])).toEqual([]);
  expect(handled).toEqual([0]);
  expect(lines).toEqual([]);
});

test("a duplicate does not fail while the first is in progress: it comes back later, and no failure is written down", async () => {
  const { handle, calls } = handlerByHand();
  const { deliver, lines } = await trial({ handle, idempotency });
  const first = deliver(batch(1, "a"));
  await expect.poll(() => calls.length).toBe(1);
  expect(await deliver(batch(1, "b"))).toEqual(["b-0"]);
  expect(lines).toMatchObject([{ event: "message-deferred", cause: "in-progress", messageId: "b-0" }]);
  calls[0]?.resolve();
  expect(await first).toEqual([]);
  expect(await deliver(again(batch(1, "b")))).toEqual([]);
  expect(calls).toHaveLength(1);
});

test("requests to DynamoDB are two a batch, not two a message, failures and duplicates included", async () => {
  const handle = (body: unknown): void => {
    if (Number(body) % 3 === 0) throw new Error("boom");
  };
  const { deliver, sent } = await trial({ handle, idempotency: { key: String } });
  expect(await deliver(batch(10, "a"))).toHaveLength(4);
  expect(sent()).toHaveLength(2);
  expect(await deliver(again(batch(10, "a")))).toHaveLength(4);
  expect(sent()).toHaveLength(2);
});

test("a failed attempt is written down with its reason, and its key is free for the next receive", async () => {
  let fails = true;
  const handle = (): void => {
    if (fails) throw new Error("boom");
  };
  const { deliver, lines } = await trial({ handle, idempotency });
  expect(await deliver(batch(1, "a"))).toEqual(["a-0"]);
  expect(lines).toMatchObject([{ event: "attempt-failed", message: "boom" }]);
  fails = false;
  expect(await deliver(again(batch(1, "a")))).toEqual([]);
});

test("two messages with one key and different bodies are not taken for one", async () => {
  const handled: unknown[] = [];
  const { deliver, lines } = await trial({ handle: (body) => void handled.push(body), idempotency });
  expect(await deliver(batch(1, "a"))).toEqual([]);
  expect(await deliver(batch(2, "b").slice(1))).toEqual(["b-1"]);
  expect(handled).toEqual([0]);
  expect(lines).toMatchObject([{ event: "attempt-failed", message: expect.stringContaining("another body") }]);
});
