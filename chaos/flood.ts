import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, producer, runWorker } from "@reliq/aws";
import { recoveryHandler } from "@reliq/aws/recovery";
import { consumer, DependencyFailure, type LogLine } from "@reliq/core";
import type { Alert, FailureStore, Policy } from "@reliq/core/recovery";
import { anyBody } from "@reliq/core/testing";
import { serveQueue } from "../harness/event-source.ts";
import { type ChaosRegion, type RegionClients, withChaosRegion } from "./chaos-region.ts";
import { consumePorts } from "./consume-ports.ts";
import { countLeft } from "./consumer-load.ts";
import { checkFlood, type Flood, type ToldAlert } from "./flood-check.ts";
import type { Violation } from "./history.ts";
import { recoveryOptions } from "./recovery-options.ts";
import { createSetting, FAILURE_TABLE_NAME, type RecoverySetting } from "./recovery-setting.ts";
import { sweepAtTimes } from "./sweep-at-times.ts";

/** Event sources at once of the dead-letter queue, and of the reminders: a function has as many at its begin. */
const POLLERS = 5;

/** How long nothing may change until what is left counts as lost, milliseconds; an alert's window comes on top. */
const LONGEST_STILL_MS = 120_000;

/** How long recovery's function may take: the construct's time-out. Nothing is killed here. */
const RECOVERY_SECONDS = 60;

interface FloodOptions {
  readonly messages: number;
  /** Between two counts of the one alert that the flood is. @default 60 */
  readonly alertWindowSeconds?: number;
  /** How long a receive of the source queue lasts: an alert is over after two of these at least. @default 20 */
  readonly visibilitySeconds?: number;
  readonly progress: (done: number) => void;
}

interface FloodResult extends Flood {
  readonly violations: readonly Violation[];
  readonly state: string;
}

/** Lets messages fail all alike, heals included, and says what recovery made of it. */
export function chaosFlood(options: FloodOptions): Promise<FloodResult> {
  return withChaosRegion((region) => runFlood(region, options));
}

async function runFlood(
  { state, ...clients }: ChaosRegion,
  { messages, alertWindowSeconds = 60, visibilitySeconds = 20, progress }: FloodOptions,
): Promise<FloodResult> {
  const { sqs, dynamodb } = clients;
  const stop = new AbortController();
  try {
    const setting = await createSetting(clients, { recoverySeconds: RECOVERY_SECONDS, visibilitySeconds });
    const store = dynamodbFailureStore(dynamodb, FAILURE_TABLE_NAME);
    const alerts = new Map<string, ToldAlert>();
    const lines: LogLine[] = [];
    const handler = floodHandler(setting, alertWindowSeconds, clients, store, alerts, lines);
    const urls = [setting.deadLetterUrls[0] ?? "", setting.wakeUpsUrl];
    const running = [
      sweepAtTimes(handler, stop.signal),
      failAll(sqs, dynamodb, setting.queues[0]?.url ?? "", stop.signal),
      ...urls.flatMap((queueUrl) =>
        Array.from({ length: POLLERS }, () => serveQueue({ client: sqs, queueUrl, handler }, stop.signal)),
      ),
    ];
    await producer({ client: sqs, queueUrl: setting.queues[0]?.url ?? "" }).send(
      Array.from({ length: messages }, (_, index) => ({ body: JSON.stringify(index) })),
    );
    await untilStill(
      sqs,
      store,
      [setting.queues[0]?.url ?? "", ...urls],
      LONGEST_STILL_MS + alertWindowSeconds * 1_000,
      progress,
    );
    stop.abort();
    await Promise.allSettled(running);
    const flood = { ...(await whatCameOfIt(store, messages, lines)), alertWindowSeconds, alerts: [...alerts.values()] };
    const violations = checkFlood(flood);
    if (violations.length === 0) rmSync(state, { recursive: true, force: true });
    return { ...flood, violations, state };
  } finally {
    stop.abort();
  }
}

function floodHandler(
  setting: RecoverySetting,
  alertWindowSeconds: number,
  clients: RegionClients,
  store: FailureStore,
  alerts: Map<string, ToldAlert>,
  lines: LogLine[],
): ReturnType<typeof recoveryHandler> {
  const policy: Policy = {
    rules: [{ name: "what may pass", when: { retryable: true }, then: ["heal", "alert"] }],
    backoff: { baseSeconds: 5, capSeconds: 5 },
    alertWindowSeconds,
  };
  const told = { send: async (alert: Alert) => void alerts.set(alert.id, { alert, atMs: Date.now() }) };
  const ports = { store, alerts: told, log: (line: LogLine) => void lines.push(line) };
  return recoveryHandler(recoveryOptions(clients, setting, { policy, repairs: [] }, ports));
}

function failAll(sqs: SQSClient, dynamodb: DynamoDBClient, queueUrl: string, signal: AbortSignal): Promise<void> {
  const payments = consumer({
    name: "payments",
    schema: anyBody,
    retry: { backoff: { delaySeconds: () => 0 } },
    handle: () => {
      throw new DependencyFailure("payments is down");
    },
  });
  return runWorker(payments, consumePorts(dynamodb), { queueUrl, client: sqs, signal, pollers: 4 });
}

async function untilStill(
  sqs: SQSClient,
  store: FailureStore,
  urls: readonly string[],
  longestStillMs: number,
  progress: (done: number) => void,
): Promise<void> {
  let last = "";
  let changedMs = performance.now();
  let empty = 0;
  while (empty < 3 && performance.now() - changedMs < longestStillMs) {
    const left = await countLeft(sqs, urls);
    const [totals] = await store.totals();
    progress(Object.values(totals?.states ?? {}).reduce((sum, count) => sum + count, 0));
    empty = left === 0 ? empty + 1 : 0;
    const now = JSON.stringify([left, totals]);
    if (now !== last) changedMs = performance.now();
    last = now;
    await wait(500);
  }
}

async function whatCameOfIt(
  store: FailureStore,
  messages: number,
  lines: readonly LogLine[],
): Promise<Omit<Flood, "alertWindowSeconds" | "alerts">> {
  const { groups } = await store.listGroups({ limit: 10 });
  const [totals] = await store.totals();
  const errors = lines.filter(({ level }) => level === "error");
  return { messages, groups, states: totals?.states ?? {}, errors: errors.map((line) => JSON.stringify(line)) };
}
