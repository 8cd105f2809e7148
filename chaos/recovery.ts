import { type ChildProcess, fork } from "node:child_process";
import { hash } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, producer } from "@reliq/aws";
import { s3Archive } from "@reliq/aws/recovery";
import { type FailureStore, failureId, verifyAudit } from "@reliq/core/recovery";
import { type ChaosRegion, withChaosRegion } from "./chaos-region.ts";
import { countLeft } from "./consumer-load.ts";
import type { Violation } from "./history.ts";
import { type Random, seededRandom } from "./random.ts";
import { checkRecovery, type RecoveredMessage } from "./recovery-check.ts";
import { type Fate, startConsumers } from "./recovery-consumers.ts";
import {
  ARCHIVE_BUCKET,
  createSetting,
  FAILURE_TABLE_NAME,
  RECOVERED_MODES,
  type RecoveredMode,
  type RecoverySetting,
} from "./recovery-setting.ts";
import type { RecoveryTask } from "./recovery-worker.ts";

const WORKER = fileURLToPath(new URL("./recovery-worker.ts", import.meta.url));

/** How many recovery processes work at once. */
const WORKERS = 2;

/** How long a process works until it is killed, at most, milliseconds. */
const LONGEST_LIFE_MS = 800;

/** Messages a mode that are sent at a time, while there are kills to come. */
const CHUNK = 5;

/** How long nothing may change until what is left counts as lost, milliseconds. */
const LONGEST_STILL_MS = 60_000;

interface RecoveryChaosOptions {
  readonly kills: number;
  readonly seed: number;
  readonly progress: (done: number, operations: number) => void;
}

interface RecoveryChaosResult {
  readonly failures: number;
  readonly kills: number;
  readonly auditVerified: boolean;
  readonly violations: readonly Violation[];
  readonly state: string;
}

interface SentMessage {
  readonly key: string;
  readonly mode: RecoveredMode;
  readonly messageId: string;
  readonly fate: Fate;
}

/**
 * Kills recovery's processes at random points, again and again, while messages die and are healed; and checks that each has its
 * effect once or a record that says where it is and why, that archived bodies are whole, and that the audit's chains verify.
 */
export function chaosRecovery(options: RecoveryChaosOptions): Promise<RecoveryChaosResult> {
  return withChaosRegion((region) => killRecovery(region, options));
}

async function killRecovery(
  { endpoint, state, sqs, dynamodb, s3 }: ChaosRegion,
  { kills, seed, progress }: RecoveryChaosOptions,
): Promise<RecoveryChaosResult> {
  const setting = await createSetting({ sqs, dynamodb, s3 });
  const store = dynamodbFailureStore(dynamodb, FAILURE_TABLE_NAME);
  const random = seededRandom(seed);
  const fates = new Map<string, Fate>();
  const fateOf = (key: string): Fate => fates.get(key) ?? { failures: 0, kind: "dependency" };
  const consumers = startConsumers(sqs, dynamodb, setting, fateOf);
  const sent: SentMessage[] = [];
  const task = { ...setting, endpoint };
  await killWhile(task, join(state, "compiled"), kills, random, async (done) => {
    await sendSome(sqs, setting, sent, fates, random);
    progress(done, sent.length);
  });
  await untilStill(sqs, setting, task, join(state, "compiled"));
  await consumers.end();
  const messages = await leftBehind(store, s3Archive(s3, ARCHIVE_BUCKET), sent, await consumers.effects());
  const violations = checkRecovery(messages);
  if (violations.length === 0) rmSync(state, { recursive: true, force: true });
  const failures = messages.filter(({ record }) => record !== undefined).length;
  return { failures, kills, auditVerified: await verifyAll(store), violations, state };
}

/** Keeps two processes at work, each killed after a while and followed by another, until there were so many kills. */
async function killWhile(
  task: RecoveryTask,
  compiled: string,
  kills: number,
  random: Random,
  onKill: (done: number) => Promise<void>,
): Promise<void> {
  let done = 0;
  const life = async (): Promise<void> => {
    while (done < kills) {
      const child = start(task, compiled);
      await working(child);
      await wait(random.integer(0, LONGEST_LIFE_MS));
      await kill(child);
      done++;
      await onKill(Math.min(done, kills));
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, life));
}

function start(task: RecoveryTask, compiled: string): ChildProcess {
  // Starting again and again is most of the work otherwise.
  return fork(WORKER, [JSON.stringify(task)], { env: { ...process.env, NODE_COMPILE_CACHE: compiled } });
}

/** @throws an Error where a process ends on its own */
async function working(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`A recovery process ended by itself, with ${code}.`);
  });
  ended.catch(() => {});
  await Promise.race([once(child, "message"), ended]);
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function sendSome(
  sqs: SQSClient,
  { queues }: RecoverySetting,
  sent: SentMessage[],
  fates: Map<string, Fate>,
  random: Random,
): Promise<void> {
  for (const [index, mode] of RECOVERED_MODES.entries()) {
    const first = fates.size;
    const keys = Array.from({ length: CHUNK }, (_, each) => String(first + each));
    for (const key of keys) {
      const kind = random.chance(0.2) ? "bad-payload" : "dependency";
      fates.set(key, { failures: random.chance(0.3) ? 0 : random.integer(1, 7), kind });
    }
    const ids = await producer({ client: sqs, queueUrl: queues[index]?.url ?? "" }).send(
      keys.map((key) => ({
        body: key,
        ...(mode === "sequence" && { groupId: `g-${Number(key) % 7}`, deduplicationId: key }),
      })),
    );
    sent.push(...keys.map((key, each) => ({ key, mode, messageId: ids[each] ?? "", fate: fates.get(key) as Fate })));
  }
}

/** Lets recovery work undisturbed until nothing is on any queue. */
async function untilStill(
  sqs: SQSClient,
  { queues, deadLetterUrls, wakeUpsUrl }: RecoverySetting,
  task: RecoveryTask,
  compiled: string,
): Promise<void> {
  const worker = start(task, compiled);
  await working(worker);
  const urls = [...queues.map(({ url }) => url), ...deadLetterUrls, wakeUpsUrl];
  let least = Number.POSITIVE_INFINITY;
  let changedMs = performance.now();
  let empty = 0;
  while (empty < 3 && performance.now() - changedMs < LONGEST_STILL_MS) {
    const now = await countLeft(sqs, urls);
    empty = now === 0 ? empty + 1 : 0;
    if (now !== least) {
      least = now;
      changedMs = performance.now();
    }
    await wait(500);
  }
  await kill(worker);
}

async function leftBehind(
  store: FailureStore,
  archive: ReturnType<typeof s3Archive>,
  sent: readonly SentMessage[],
  effects: ReadonlyMap<string, number>,
): Promise<readonly RecoveredMessage[]> {
  const found: RecoveredMessage[] = [];
  for (let first = 0; first < sent.length; first += 50) {
    const some = sent.slice(first, first + 50);
    const ids = some.map(({ mode, messageId }) => failureId(mode === "sequence" ? "sequence.fifo" : mode, messageId));
    const records = await store.failures(ids);
    for (const [index, { key, mode, fate }] of some.entries()) {
      const record = records[index];
      const body = record?.archive ? (await archive.get(record.archive)).failure.body : record?.body;
      const kept = record && {
        state: record.state,
        errorName: record.reason.errorName,
        deaths: record.deaths,
        body: body ?? "",
      };
      found.push({ key, mode, effects: effects.get(key) ?? 0, failures: fate.failures, ...(kept && { record: kept }) });
    }
  }
  return found;
}

async function verifyAll(store: FailureStore): Promise<boolean> {
  const checks = await Promise.all((await store.chains()).map((chain) => verifyAudit(store, chain, sha256)));
  return checks.every(({ ok }) => ok);
}

function sha256(text: string): string {
  return hash("sha256", text);
}
