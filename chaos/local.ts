import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { rawClient } from "../harness/raw-client.ts";
import { freePort, type ServerProcess, startLocalRegion } from "../harness/server-process.ts";
import { checkHistory } from "./check.ts";
import { type ChaosClient, chaosClient, type Load } from "./client.ts";
import type { History, Violation } from "./history.ts";
import { dynamodbLoad } from "./load-dynamodb.ts";
import { s3Load } from "./load-s3.ts";
import { FIFO_QUEUES, sqsLoad, VISIBILITY_MS } from "./load-sqs.ts";
import { seededRandom } from "./random.ts";

/** How much the region lives to see between two kills, at most: operations that its clients learn the end of. */
const LONGEST_LIFE_OPERATIONS = 3_000;

/** The share of the kills that hit the region while it starts, and when at the latest, milliseconds. */
const KILLS_AT_START = 0.2;
const LONGEST_START_MS = 1_000;

const CONNECTIONS = 32;

export interface ChaosOptions {
  readonly kills: number;
  readonly seed: number;
  /** Called after each kill. */
  readonly progress: (kills: number, operations: number) => void;
}

export interface ChaosResult {
  readonly operations: number;
  readonly violations: readonly Violation[];
  /** The directory of the region's state and the history, which is kept where something was violated. */
  readonly state: string;
}

/**
 * Kills a local region under load with SIGKILL, again and again, and checks that it kept what it promises a client over the
 * kill of its process (docs/decisions/004-the-local-region.md). Where it did not, its state and the history stay for a look.
 */
export async function chaosLocal({ kills, seed, progress }: ChaosOptions): Promise<ChaosResult> {
  const state = mkdtempSync(join(tmpdir(), "reliq-chaos-"));
  const port = await freePort();
  let region = startLocalRegion(port, state);
  const pool = rawClient(region.endpoint, CONNECTIONS);
  const client = chaosClient(pool, seededRandom(seed));
  const loads = [sqsLoad(client), dynamodbLoad(client), s3Load(client)];
  const stop = new AbortController();
  try {
    await region.untilAnswering();
    for (const load of loads) await load.prepare();
    const working = work(loads, stop.signal);
    for (let kill = 1; kill <= kills; kill++) {
      await Promise.race([working, lifeOf(region, client)]);
      await region.end("SIGKILL");
      progress(kill, client.operations.length);
      region = startLocalRegion(port, state);
    }
    await Promise.race([working, region.untilAnswering()]);
    stop.abort();
    await working;
    for (const load of loads) await load.drain();
  } catch (cause) {
    throw new Error(`The run ended early; the state of the region is in ${state}.`, { cause });
  } finally {
    stop.abort();
    await region.end("SIGTERM");
    await pool.destroy();
  }
  const history = { operations: client.operations, fifoQueues: FIFO_QUEUES, visibilityMs: VISIBILITY_MS };
  const violations = checkHistory(history);
  if (violations.length === 0) rmSync(state, { recursive: true, force: true });
  else writeHistory(state, history);
  return { operations: client.operations.length, violations, state };
}

async function lifeOf(region: ServerProcess, { random, operations }: ChaosClient): Promise<void> {
  if (random.chance(KILLS_AT_START)) return wait(random.integer(0, LONGEST_START_MS));
  await region.untilAnswering();
  const last = operations.length + random.integer(1, LONGEST_LIFE_OPERATIONS);
  while (operations.length < last) await wait(random.integer(1, 20));
}

async function work(loads: readonly Load[], signal: AbortSignal): Promise<void> {
  const actors = loads.flatMap((load) => load.actors);
  await Promise.all(
    actors.map(async (step) => {
      while (!signal.aborted) await step();
    }),
  );
}

function writeHistory(directory: string, { operations }: History): void {
  writeFileSync(join(directory, "history.jsonl"), operations.map((each) => `${JSON.stringify(each)}\n`).join(""));
}
