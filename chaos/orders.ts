import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { dynamodbFailureStore, dynamodbQuarantine, sendMessages } from "@reliq/aws";
import { type ChaosRegion, withChaosRegion } from "./chaos-region.ts";
import { readEffects } from "./consumer-effects.ts";
import { countLeft } from "./consumer-load.ts";
import type { Violation } from "./history.ts";
import { checkOrders } from "./orders-check.ts";
import { expectedEffects, makeOrders, type OrderEffect, type SentOrder, withRepeats } from "./orders-history.ts";
import type { OrdersTask } from "./orders-worker.ts";
import { type Random, seededRandom } from "./random.ts";
import { createSetting, FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";

const WORKER = fileURLToPath(new URL("./orders-worker.ts", import.meta.url));

/** How many processes consume and recover at once. */
const WORKERS = 2;

/** The longest between two kills, milliseconds; every fifth is of the region. */
const LONGEST_PEACE_MS = 6_000;
const KILLS_OF_WORKERS = 4;

/** What a killed process had in hand comes back after this, seconds. */
const VISIBILITY_SECONDS = 8;

/**
 * So many kills in a row wear out a message's receives, which no attempt sees: then its group's order is not promised any more. Few enough that what fails dies soon, and more than kills come to.
 */
const MAX_RECEIVES = 8;

/** How long nothing may change until what is left counts as lost, milliseconds. */
const LONGEST_STILL_MS = 120_000;

interface OrdersChaosOptions {
  readonly messages: number;
  readonly seed: number;
  readonly progress: (done: number) => void;
}

interface OrdersChaosResult {
  readonly kills: number;
  readonly violations: readonly Violation[];
  readonly state: string;
}

/**
 * Sends orders of many groups, poison of every kind among them, to a consumer that holds groups, kills its processes, recovery's and the region, and compares the effects of
 * every group field by field with those of a single-threaded run without faults.
 */
export function chaosOrders(options: OrdersChaosOptions): Promise<OrdersChaosResult> {
  return withChaosRegion((region) => killAmongOrders(region, options));
}

async function killAmongOrders(
  region: ChaosRegion,
  { messages, seed, progress }: OrdersChaosOptions,
): Promise<OrdersChaosResult> {
  const { endpoint, state } = region;
  const setting = await createSetting(region, { visibilitySeconds: VISIBILITY_SECONDS, maxReceives: MAX_RECEIVES });
  const random = seededRandom(seed);
  const orders = makeOrders(messages, random);
  const workers = startWorkers({ ...setting, endpoint }, join(state, "compiled"));
  const peace = new AbortController();
  const killing = killUntil(region, workers, seededRandom(seed + 1), peace.signal);
  await sendAll(region, setting, withRepeats(orders, random), progress);
  peace.abort();
  const kills = await killing;
  await untilStill(region, setting);
  await workers.end();
  const effects = await effectsByGroup(region);
  const violations = checkOrders(expectedEffects(orders), effects);
  if (violations.length === 0) rmSync(state, { recursive: true, force: true });
  else writeFileSync(join(state, "orders.json"), JSON.stringify({ orders, effects: [...effects] }));
  return { kills: kills + workers.exits(), violations, state };
}

interface OrderWorkers {
  readonly kill: (random: Random) => void;
  /** How many ended by themselves, as some orders make them do. */
  readonly exits: () => number;
  readonly end: () => Promise<void>;
}

/** Keeps processes at work: each that ends has a successor. */
function startWorkers(task: OrdersTask, compiled: string): OrderWorkers {
  // Starting again and again is most of the work otherwise.
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const living = new Set<ChildProcess>();
  let ending = false;
  let exits = 0;
  const start = (): void => {
    const child = fork(WORKER, [JSON.stringify(task)], { env });
    living.add(child);
    child.once("exit", (code) => {
      living.delete(child);
      if (code === 0 && !ending) exits++;
      if (!ending) start();
    });
  };
  for (let worker = 0; worker < WORKERS; worker++) start();
  return {
    exits: () => exits,
    kill: (random) => [...living][random.integer(0, living.size - 1)]?.kill("SIGKILL"),
    end: async () => {
      ending = true;
      const gone = [...living].map((child) => once(child, "exit"));
      for (const child of living) child.kill("SIGKILL");
      await Promise.all(gone);
    },
  };
}

/** Kills until there is peace, and at least once of each kind. Gives how often. */
async function killUntil(
  { restart }: ChaosRegion,
  workers: OrderWorkers,
  random: Random,
  peace: AbortSignal,
): Promise<number> {
  let kills = 0;
  while (!peace.aborted || kills <= KILLS_OF_WORKERS) {
    await wait(random.integer(0, LONGEST_PEACE_MS));
    kills++;
    if (kills % (KILLS_OF_WORKERS + 1) === 0) await restart();
    else workers.kill(random);
  }
  return kills;
}

/** Sends in order: a batch is sent until it is accepted, and its deduplication ids keep it from being there twice. */
async function sendAll(
  { sqs }: ChaosRegion,
  { queues }: RecoverySetting,
  orders: readonly SentOrder[],
  progress: (done: number) => void,
): Promise<void> {
  const url = queues.find(({ name }) => name.endsWith(".fifo"))?.url ?? "";
  for (let first = 0; first < orders.length; first += 10) {
    const messages = orders.slice(first, first + 10).map((order) => ({
      body: JSON.stringify(order),
      groupId: order.group,
      deduplicationId: order.key,
    }));
    for (;;) {
      const failed = await sendMessages(sqs, url, messages).then(
        (report) => report.failed.length > 0,
        () => true,
      );
      if (!failed) break;
      await wait(100);
    }
    progress(Number(orders[Math.min(first + 9, orders.length - 1)]?.key) + 1);
  }
}

/** Lets the work go on undisturbed until no message is on a queue, healed or set aside. */
async function untilStill({ sqs, dynamodb }: ChaosRegion, setting: RecoverySetting): Promise<void> {
  const { deadLetterUrls, wakeUpsUrl, queues } = setting;
  const urls = [...queues.map(({ url }) => url), ...deadLetterUrls, wakeUpsUrl];
  const store = dynamodbFailureStore(dynamodb, FAILURE_TABLE_NAME);
  const quarantine = dynamodbQuarantine(dynamodb, FAILURE_TABLE_NAME);
  const queue = queues.find(({ name }) => name.endsWith(".fifo"))?.name ?? "";
  let last = "";
  let changedMs = performance.now();
  for (let empty = 0; empty < 3 && performance.now() - changedMs < LONGEST_STILL_MS; ) {
    const left = await countLeft(sqs, urls);
    const held = (await quarantine.open(queue)).length;
    const now = JSON.stringify([left, held, await store.totals()]);
    if (now !== last) changedMs = performance.now();
    last = now;
    empty = left + held === 0 ? empty + 1 : 0;
    await wait(500);
  }
}

async function effectsByGroup({ dynamodb }: ChaosRegion): Promise<ReadonlyMap<string, readonly OrderEffect[]>> {
  const effects = await readEffects(dynamodb);
  const byGroup = Map.groupBy(effects, ({ group }) => group);
  return new Map([...byGroup].map(([group, ofGroup]) => [group, ofGroup.map(({ key }) => JSON.parse(key))]));
}
