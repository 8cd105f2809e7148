import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ChaosRegion, withChaosRegion } from "./chaos-region.ts";
import { checkConsumer, extraRuns } from "./consumer-check.ts";
import { createTables, readEffects, readHolds, readRuns } from "./consumer-effects.ts";
import type { ConsumerHistory, SentMessage } from "./consumer-history.ts";
import { countLeft, createQueues, makeMessages, sendAll } from "./consumer-load.ts";
import { startWorkers } from "./consumer-workers.ts";
import type { Violation } from "./history.ts";
import { seededRandom } from "./random.ts";

/** How long nothing may leave the queues until what is left counts as lost, milliseconds. */
const LONGEST_STILL_MS = 60_000;

interface ConsumerOptions {
  readonly messages: number;
  readonly seed: number;
  /** Called with the number of messages that are done. */
  readonly progress: (done: number) => void;
}

interface ConsumerResult {
  /** Workers that died, by SIGKILL or by an exit of their own. */
  readonly kills: number;
  /** Runs of plain and keyed handlers beyond the first of each message; each one that a cut does not explain is a violation. */
  readonly extraRuns: number;
  readonly violations: readonly Violation[];
  /** The directory of the region's state and the history, which is kept where something was violated. */
  readonly state: string;
}

/**
 * Handles messages in four worker processes, each in every mode of docs/guarantees.md, with handlers that throw, hang and
 * exit, workers that are killed, and producers that repeat themselves; and checks what was left behind against what was sent.
 */
export function chaosConsumer(options: ConsumerOptions): Promise<ConsumerResult> {
  return withChaosRegion(async (region) => {
    const { state, dynamodb } = region;
    const sent = makeMessages(options.messages, seededRandom(options.seed));
    const deathsMs = await handle(region, sent, options);
    const effects = await leftBehind(dynamodb, state);
    const history = { sent, effects, runs: readRuns(state), holds: readHolds(state), deathsMs };
    const violations = checkConsumer(history);
    if (violations.length === 0) rmSync(state, { recursive: true, force: true });
    else writeHistory(state, history);
    return { kills: deathsMs.size, extraRuns: extraRuns(history), violations, state };
  });
}

async function handle(
  { endpoint, state, sqs, dynamodb }: ChaosRegion,
  sent: readonly SentMessage[],
  { seed, progress }: ConsumerOptions,
): Promise<ReadonlyMap<string, number>> {
  await createTables(dynamodb);
  const queueUrls = await createQueues(sqs);
  const workers = startWorkers({ endpoint, directory: state, queueUrls });
  try {
    const quiet = new AbortController();
    const killing = workers.killUntil(quiet.signal, seededRandom(seed + 1));
    await Promise.race([killing, sendAll(sqs, queueUrls, sent, seededRandom(seed + 2))]);
    await Promise.race([killing, untilEmpty(() => countLeft(sqs, Object.values(queueUrls)), sent.length, progress)]);
    quiet.abort();
    await killing;
  } finally {
    await workers.end();
  }
  return workers.deathsMs;
}

async function untilEmpty(
  left: () => Promise<number>,
  total: number,
  progress: ConsumerOptions["progress"],
): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let changedMs = performance.now();
  while (least > 0 && performance.now() - changedMs < LONGEST_STILL_MS) {
    const now = await left();
    if (now < least) {
      least = now;
      changedMs = performance.now();
      progress(Math.max(0, total - now));
    }
    await wait(1_000);
  }
}

async function leftBehind(dynamodb: DynamoDBClient, state: string): Promise<ConsumerHistory["effects"]> {
  const plain = readRuns(state).filter(({ mode }) => mode === "plain");
  return [...(await readEffects(dynamodb)), ...plain];
}

function writeHistory(directory: string, { deathsMs, ...history }: ConsumerHistory): void {
  writeFileSync(join(directory, "history.json"), JSON.stringify({ ...history, deathsMs: [...deathsMs] }));
}
