import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import type { FailureFilter, FailureStore, GroupFilter } from "@reliq/core/recovery";
import { freePort, type ServerProcess, startLocalRegion } from "../harness/server-process.ts";
import { median } from "./compare.ts";
import { CREDENTIALS } from "./consumer-requests.ts";
import { fillState, TABLE } from "./store-fill.ts";
import { capturedAtMs, DAILY_GROUP, HOUR_MS, idOf } from "./store-history.ts";

/** Failures that the two stores hold. */
const FEW = 1_000;
const MANY = 1_000_000;

/** Answers a list is timed by, after a few that are not; the stores take turns. */
const ROUNDS = 41;
const WARM_UP = 3;

/** How often so many answers are added, at most, where a list takes longer than was promised. */
const MOST_TURNS = 4;
const PROMISED = 1.5;

/** What a list shows. */
const PAGE = 10;

/** What no failure of the history is: looked for among those of a state. */
const RARE: FailureFilter = { queue: "orders", state: "held", category: "auth" };

/** A question to a store, and how many answers it gives. */
type Question = (store: FailureStore) => Promise<number>;

/** The worst of all lists: its time with a million stored failures over its time with a thousand, medians of answers that take turns. */
export async function benchStore(): Promise<{ growth: number }> {
  const state = mkdtempSync(join(tmpdir(), "reliq-store-"));
  const directoryOf = (size: number): string => join(state, String(size));
  try {
    for (const size of [FEW, MANY]) await fillState(directoryOf(size), size);
    return { growth: await measureGrowth(directoryOf(FEW), directoryOf(MANY)) };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Asks two regions, on the states of a small and of a large history. */
async function measureGrowth(...directories: readonly [few: string, many: string]): Promise<number> {
  const regions: ServerProcess[] = [];
  try {
    for (const directory of directories) regions.push(startLocalRegion(await freePort(), directory));
    for (const region of regions) {
      console.error(`A region answers after ${((await region.untilAnswering()) / 1_000).toFixed(1)} s`);
    }
    const [few, many] = regions.map(({ endpoint }) => storeAt(endpoint));
    return few && many ? await worstGrowth(few, many) : Number.NaN;
  } finally {
    await Promise.all(regions.map((region) => region.end("SIGTERM")));
  }
}

function storeAt(endpoint: string): FailureStore {
  const client = new DynamoDBClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  return dynamodbFailureStore(client, TABLE, { now: () => capturedAtMs(MANY) });
}

async function worstGrowth(few: FailureStore, many: FailureStore): Promise<number> {
  const growths: number[] = [];
  for (const name of Object.keys(questions(FEW))) {
    const times: [few: number[], many: number[]] = [[], []];
    let growth = Number.POSITIVE_INFINITY;
    // What looks slow may be other work of the machine: it is asked more often until that is out of its median.
    for (let turn = 1; turn <= MOST_TURNS && growth > PROMISED; turn++) {
      await askInTurns([() => ask(few, FEW, name), () => ask(many, MANY, name)], times);
      growth = median(times[1]) / median(times[0]);
    }
    growths.push(growth);
    const [at1k, at1m] = times.map((each) => median(each).toFixed(2));
    console.error(`${name.padEnd(44)} ${at1k} ms  ${at1m} ms  × ${growth.toFixed(2)}`);
  }
  return Number(Math.max(...growths).toFixed(2));
}

/** Each list that the store has, and that it is full at both sizes: a short one would be quick for nothing. */
function questions(size: number): Readonly<Record<string, Question>> {
  const lists = filtersOf(size).map((filter): [string, Question] => [
    `failures ${Object.keys(filter).join(", ") || "all"}`,
    async (store) => (await store.listFailures({ filter, limit: PAGE })).failures.length,
  ]);
  const groupFilters: readonly GroupFilter[] = [
    {},
    { queue: "orders" },
    { state: "open" },
    { queue: "orders", state: "open" },
  ];
  const groups = groupFilters.map((filter): [string, Question] => [
    `groups ${Object.keys(filter).join(", ") || "all"}`,
    async (store) => (await store.listGroups({ filter, limit: PAGE })).groups.length,
  ]);
  return {
    ...Object.fromEntries([...lists, ...groups]),
    "failures that are not there": async (store) =>
      PAGE - (await store.listFailures({ filter: RARE, limit: PAGE })).failures.length,
    "hours of a group": async (store) =>
      (await store.hours(DAILY_GROUP, capturedAtMs(0), capturedAtMs(0) + 12 * HOUR_MS)).length,
    "overdue healing": async (store) => (await store.overdue("healing", capturedAtMs(size))).length,
    "failures by id": async (store) =>
      (await store.failures(Array.from({ length: PAGE }, (_, index) => idOf(index)))).length,
    totals: async (store) => (await store.totals()).length * PAGE,
  };
}

function filtersOf(size: number): readonly FailureFilter[] {
  const middle = capturedAtMs(size / 2);
  return [
    {},
    { queue: "orders" },
    { state: "held" },
    { queue: "orders", state: "archived" },
    { queue: "orders", category: "timeout" },
    { category: "timeout" },
    { queue: "orders", cause: "crashed" },
    { cause: "crashed" },
    { queue: "orders", fingerprint: "1:2" },
    { fingerprint: "1:2" },
    { queue: "orders", messageGroup: "group-3" },
    { messageGroup: "group-3" },
    { errorName: "timeoutError" },
    { queue: "orders", errorName: "timeoutError" },
    { toMs: middle },
    { queue: "orders", fromMs: capturedAtMs(0), toMs: middle },
    { queue: "orders", state: "held", category: "timeout" },
    { queue: "orders", category: "timeout", cause: "crashed" },
    { queue: "orders", state: "resolved", fingerprint: "1:2" },
    { state: "resolved", cause: "threw" },
  ];
}

async function ask(store: FailureStore, size: number, name: string): Promise<void> {
  const found = (await questions(size)[name]?.(store)) ?? 0;
  if (found < PAGE) throw new Error(`${name}: ${found} of ${size}, and a full page has ${PAGE}`);
}

async function askInTurns(
  works: readonly [() => Promise<void>, () => Promise<void>],
  times: [number[], number[]],
): Promise<void> {
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const began = performance.now();
      await work();
      if (round >= 0) times[index]?.push(performance.now() - began);
    }
  }
}
