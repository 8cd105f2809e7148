import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type FailureStore, failureId, groupId, type StoreChange, verifyAudit } from "@reliq/core/recovery";
import { sampleAudit, sampleCount, sampleFailure } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { failureTableClient } from "../../../test/failure-table.ts";
import { sha256 } from "../../../test/sha256.ts";
import { dynamodbFailureStore } from "./failure-store.ts";

const group = groupId("orders", sampleFailure().reason.fingerprint);

function capture(from: number, count: number, body = "{}"): StoreChange {
  const failures = Array.from({ length: count }, (_, index) => {
    return { before: undefined, after: sampleFailure({ lineage: `m-${from + index}`, body }) };
  });
  return { failures, counts: [sampleCount("orders", { deaths: count })], audit: sampleAudit() };
}

/** Answers the first `times` transactions with an error, before or after they reached the service. */
function fail(client: DynamoDBClient, times: number, when: "after" | "before", error: object): void {
  let left = times;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== "TransactWriteItemsCommand" || left-- <= 0) return next(args);
        if (when === "after") await next(args);
        throw Object.assign(new Error("no"), error);
      },
    { step: "deserialize" },
  );
}

function countTransactions(client: DynamoDBClient): () => number {
  let transactions = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === "TransactWriteItemsCommand") transactions++;
        return next(args);
      },
    { step: "initialize" },
  );
  return () => transactions;
}

async function newStore(): Promise<{ readonly client: DynamoDBClient; readonly store: FailureStore }> {
  const { client } = await failureTableClient();
  return { client, store: dynamodbFailureStore(client, "failures") };
}

test("a commit whose answer was lost is there once", async () => {
  const { client, store } = await newStore();
  fail(client, 1, "after", { name: "TimeoutError" });
  expect(await store.commit(capture(0, 3))).toBe("committed");
  expect((await store.groups([group]))[0]?.deaths).toBe(3);
  expect(await store.audit("orders", 1)).toHaveLength(1);
});

test("a commit whose answer never came is a conflict when it is repeated, and counts once", async () => {
  const { client, store } = await newStore();
  fail(client, 1, "after", { name: "Lost" });
  await expect(store.commit(capture(0, 3))).rejects.toThrow("no");
  expect(await store.commit(capture(0, 3))).toBe("conflict");
  expect((await store.groups([group]))[0]?.deaths).toBe(3);
  expect((await store.totals())[0]?.deaths).toBe(3);
});

test.each(["TransactionConflict", "ThrottlingError"])("what may pass is tried again (%s)", async (Code) => {
  const { client, store } = await newStore();
  const error = { name: "TransactionCanceledException", CancellationReasons: [{ Code: "None" }, { Code }] };
  fail(client, 3, "before", error);
  expect(await store.commit(capture(0, 3))).toBe("committed");
});

test("what the service refuses for good is named", async () => {
  const { client, store } = await newStore();
  const reasons = [{ Code: "ValidationError", Message: "too odd" }];
  fail(client, 1, "before", { name: "TransactionCanceledException", CancellationReasons: reasons });
  await expect(store.commit(capture(0, 1))).rejects.toMatchObject({
    code: "store-refused",
    retryable: false,
    message: "The failure store refused orders:m-0, and nothing was written: ValidationError: too odd",
  });
});

test("a message that is larger than an item is refused by name, and nothing is written", async () => {
  const { store } = await newStore();
  await expect(store.commit(capture(0, 1, "x".repeat(410_000)))).rejects.toMatchObject({
    code: "item-too-large",
    message: expect.stringContaining("orders:m-0"),
  });
  await expect(store.commit(capture(0, 20, "x".repeat(300_000)))).rejects.toMatchObject({ code: "item-too-large" });
  expect(await store.failures([failureId("orders", "m-0")])).toEqual([undefined]);
});

test.each(["", "none", "MTIz"])("a page token %j that is none is refused", async (after) => {
  const { store } = await newStore();
  await expect(store.listFailures({ after })).rejects.toMatchObject({ code: "page-token" });
});

test("a flood of equal failures, by four writers at once, is counted exactly in one group, and its audit verifies", async () => {
  const { store } = await newStore();
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < 400) {
      const from = next;
      next += 10;
      expect(await store.commit(capture(from, 10))).toBe("committed");
    }
  };
  await Promise.all([write(), write(), write(), write()]);
  expect((await store.groups([group]))[0]?.deaths).toBe(400);
  expect((await store.listGroups({})).groups).toHaveLength(1);
  const states = { held: 400, healing: 0, requeued: 0, resolved: 0, archived: 0, discarded: 0 };
  expect(await store.totals()).toEqual([{ queue: "orders", states, deaths: 400, sends: 0 }]);
  expect(await verifyAudit(store, "orders", sha256)).toMatchObject({ ok: true, head: { sequence: 40 } });
}, 60_000);

test("commits that wait for each other share transactions, and one that conflicts or is too large keeps none of the others", async () => {
  const { client, store } = await newStore();
  const transactions = countTransactions(client);
  expect(await store.commit(capture(0, 10))).toBe("committed");
  const ends = await Promise.allSettled([
    ...[10, 20, 0, 30].map((from) => store.commit(capture(from, 10))),
    store.commit(capture(500, 1, "x".repeat(410_000))),
    store.commit(capture(40, 10)),
  ]);
  expect(ends.map((end) => (end.status === "fulfilled" ? end.value : end.reason.code))).toEqual([
    "committed",
    "committed",
    "conflict",
    "committed",
    "item-too-large",
    "committed",
  ]);
  expect(transactions()).toBeLessThan(7);
  expect((await store.groups([group]))[0]?.deaths).toBe(50);
  expect(await verifyAudit(store, "orders", sha256)).toMatchObject({ ok: true, head: { sequence: 5 } });
});

test("a flood of 80 commits at once takes 12 transactions at most", async () => {
  const { client, store } = await newStore();
  const transactions = countTransactions(client);
  await Promise.all(Array.from({ length: 80 }, (_, index) => store.commit(capture(index * 10, 10))));
  expect(transactions()).toBeLessThanOrEqual(12);
  expect((await store.groups([group]))[0]?.deaths).toBe(800);
});
