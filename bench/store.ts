import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import type { FailureFilter, FailureStore } from "@reliq/core/recovery";
import { failureTable } from "@reliq/core/testing";
import { callRaw, rawClient } from "../harness/raw-client.ts";
import { startLocalRegion, withServers } from "../harness/server-process.ts";
import { median } from "./compare.ts";
import { CREDENTIALS } from "./consumer-requests.ts";
import { BATCH, capturedAtMs, captureOf, idOf, itemsOf, QUEUES } from "./store-history.ts";

/** Failures that the two stores hold. */
const FEW = 1_000;
const MANY = 1_000_000;

/** Answers a list is timed by; the stores take turns. */
const ROUNDS = 41;

/** What a list shows. */
const PAGE = 10;

/** Requests under way while a store is filled. */
const WRITERS = 16;

const TABLE = "failures";

/** The worst of all lists: its time with a million stored failures over its time with a thousand, medians of answers that take turns. */
export async function benchStore(): Promise<{ growth: number }> {
  return await withServers([startLocalRegion, startLocalRegion], async ([small, large]) => {
    const few = await filled(small?.endpoint ?? "", FEW);
    const many = await filled(large?.endpoint ?? "", MANY);
    const growths: number[] = [];
    for (const name of Object.keys(questions(FEW))) {
      const [at1k, at1m] = await inTurns(
        () => ask(few, FEW, name),
        () => ask(many, MANY, name),
      );
      growths.push(at1m / at1k);
      console.error(`${name.padEnd(44)} ${at1k.toFixed(2)} ms  ${at1m.toFixed(2)} ms  × ${(at1m / at1k).toFixed(2)}`);
    }
    return { growth: Number(Math.max(...growths).toFixed(2)) };
  });
}

/** Each list that the store has, and that it is full at both sizes: a short one would be quick for nothing. */
function questions(size: number): Readonly<Record<string, (store: FailureStore) => Promise<number>>> {
  const middle = capturedAtMs(size / 2);
  const filters: readonly FailureFilter[] = [
    {},
    { queue: "orders" },
    { state: "held" },
    { queue: "orders", state: "archived" },
    { queue: "orders", category: "timeout" },
    { category: "timeout" },
    { queue: "orders", cause: "crashed" },
    { queue: "orders", fingerprint: "1:2" },
    { fingerprint: "1:2" },
    { queue: "orders", messageGroup: "group-3" },
    { errorName: "timeoutError" },
    { queue: "orders", errorName: "timeoutError" },
    { toMs: middle },
    { queue: "orders", fromMs: capturedAtMs(0), toMs: middle },
    { queue: "orders", state: "held", category: "timeout" },
    { state: "resolved", cause: "threw" },
  ];
  const lists = filters.map((filter) => [
    `failures ${Object.keys(filter).join(", ") || "all"}`,
    async (store: FailureStore) => (await store.listFailures({ filter, limit: PAGE })).failures.length,
  ]);
  const groups = [{}, { queue: "orders" }, { state: "open" as const }].map((filter) => [
    `groups ${Object.keys(filter).join(", ") || "all"}`,
    async (store: FailureStore) => (await store.listGroups({ filter, limit: PAGE })).groups.length,
  ]);
  return {
    ...Object.fromEntries([...lists, ...groups]),
    "overdue healing": async (store) => (await store.overdue("healing", capturedAtMs(size))).length,
    "failures by id": async (store) =>
      (await store.failures(Array.from({ length: PAGE }, (_, index) => idOf(index)))).length,
    totals: async (store) => (await store.totals()).length * PAGE,
  };
}

async function ask(store: FailureStore, size: number, name: string): Promise<void> {
  const found = (await questions(size)[name]?.(store)) ?? 0;
  if (found < PAGE) throw new Error(`${name}: ${found} of ${size}, and a full page has ${PAGE}`);
}

async function inTurns(first: () => Promise<void>, second: () => Promise<void>): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round++) {
    for (const [index, work] of [first, second].entries()) {
      const began = performance.now();
      await work();
      if (round >= 0) times[index]?.push(performance.now() - began);
    }
  }
  return [median(times[0]), median(times[1])];
}

/** A store with so many failures: the first of each queue are committed, so that its totals are there; the others are written past the store. */
async function filled(endpoint: string, size: number): Promise<FailureStore> {
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  await client.send(new CreateTableCommand(failureTable(TABLE)));
  const store = dynamodbFailureStore(client, TABLE, { now: () => capturedAtMs(size) });
  let next = 0;
  for (; next < QUEUES.length * BATCH; next += BATCH) await store.commit(captureOf(next));
  const began = performance.now();
  const pool = rawClient(endpoint, WRITERS);
  const write = async (): Promise<void> => {
    const toItems = itemsOf();
    while (next < size) {
      const from = next;
      next += BATCH;
      const puts = (await toItems(captureOf(from))).map((Item) => ({ PutRequest: { Item } }));
      const { status, body } = await callRaw(pool, "dynamodb", "BatchWriteItem", { RequestItems: { [TABLE]: puts } });
      if (status !== 200) throw new Error(`BatchWriteItem answered ${status}: ${JSON.stringify(body)}`);
      if (next % 10_000 > 0) continue;
      console.error(`${next} failures stored  ${((next / (performance.now() - began)) * 1_000).toFixed(0)} a second`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  await pool.close();
  return store;
}
