import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { functionProcesses } from "../harness/processes.ts";
import { startLocalRegion, startRegionOf } from "../harness/server-process.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { untilAnswered } from "../harness/until-answered.ts";
import { type ChaosRegion, withChaosRegion } from "./chaos-region.ts";
import type { Violation } from "./history.ts";
import { checkIngest } from "./ingest-check.ts";
import { readEffects, redriveAll } from "./ingest-effects.ts";
import { makePosts, postAll } from "./ingest-load.ts";
import { type Random, seededRandom } from "./random.ts";

/** The longest between two kills, milliseconds, and in requests: a fast machine has answered all of them soon. */
const LONGEST_PEACE_MS = 15_000;
const MOST_IN_PEACE = 400;

/** Whose turn it is to be killed: one of a function's processes, or the region with all of them. */
const VICTIMS = ["ingest", "worker", "ingest", "worker", "redrive", "region"] as const;

/** How long nothing may change until what is left counts as lost, milliseconds: messages that were at work come back after 35 seconds. */
const LONGEST_STILL_MS = 180_000;

/** Short times, so that what a killed process had in hand comes back soon; a throttle that no request meets. */
const CONTEXT = {
  workerTimeoutSeconds: 5,
  queueVisibilitySeconds: 35,
  throttleRatePerSecond: 10_000,
  throttleBurst: 5_000,
};

interface IngestChaosOptions {
  readonly requests: number;
  readonly seed: number;
  readonly progress: (done: number) => void;
}

interface IngestChaosResult {
  /** Requests that were answered 202 in the end. */
  readonly accepted: number;
  readonly kills: number;
  readonly violations: readonly Violation[];
  readonly state: string;
}

/** Posts to the event ingestion as clients with retries do, kills the region and each function's processes, and finds what was acknowledged and has not exactly one effect. */
export async function chaosIngest(options: IngestChaosOptions): Promise<IngestChaosResult> {
  const behind = await startService();
  let isFirst = true;
  const start: typeof startLocalRegion = (port, state) => {
    if (!isFirst) return startLocalRegion(port, state);
    isFirst = false;
    const assembly = join(state, "..", "cdk.out");
    synthesizeApp("apps/event-ingestion", assembly, { ...CONTEXT, fulfilmentUrl: behind.url });
    return startRegionOf(assembly)(port, state);
  };
  try {
    return await withChaosRegion((region) => killAmongRequests(region, behind.fulfilled, options), start);
  } finally {
    await behind.end();
  }
}

/** The service behind the worker, which takes an order once under its key. */
async function startService(): Promise<{
  readonly url: string;
  readonly fulfilled: ReadonlyMap<string, ReadonlySet<string>>;
  readonly end: () => Promise<void>;
}> {
  const fulfilled = new Map<string, Set<string>>();
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const key = decodeURIComponent(String(request.headers["idempotency-key"]));
    const contents = fulfilled.get(key) ?? new Set();
    fulfilled.set(key, contents.add(Buffer.concat(parts).toString()));
    response.writeHead(200).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const end = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, fulfilled, end };
}

async function killAmongRequests(
  region: ChaosRegion,
  fulfilled: ReadonlyMap<string, ReadonlySet<string>>,
  { requests, seed, progress }: IngestChaosOptions,
): Promise<IngestChaosResult> {
  const { endpoint, state, dynamodb } = region;
  const api = `${endpoint}/_api/ingestion-dev-api`;
  await untilAnswered(`${api}/health`);
  const posts = makePosts(requests, seededRandom(seed));
  const posted = new Map(
    posts.flatMap(({ events }) =>
      events.map(({ orderId, amount }) => [orderId, { amount, messageIds: new Set<string>() }] as const),
    ),
  );
  const peace = new AbortController();
  let answered = 0;
  const killing = killUntil(region, seededRandom(seed + 1), peace.signal, () => answered);
  await postAll(`${api}/events`, posts, seededRandom(seed + 2), (acknowledged) => {
    for (const { orderId, messageId } of acknowledged) posted.get(orderId)?.messageIds.add(messageId);
    progress(Math.min(++answered, requests));
  });
  peace.abort();
  const kills = await killing;
  await untilAnswered(`${api}/health`);
  await untilEffective(region, api, [...posted.keys()]);
  const effects = await readEffects(dynamodb);
  const violations = checkIngest({ posted, effects, fulfilled });
  if (violations.length === 0) rmSync(state, { recursive: true, force: true });
  else writeFileSync(join(state, "ingest.json"), JSON.stringify({ posts, effects, violations }));
  return { accepted: requests, kills, violations, state };
}

/** Kills until there is peace, and at least each victim once. Gives how often. */
async function killUntil(
  region: ChaosRegion,
  random: Random,
  peace: AbortSignal,
  answered: () => number,
): Promise<number> {
  let kills = 0;
  const turns = new Set<(typeof VICTIMS)[number]>();
  while (!peace.aborted || turns.size < new Set(VICTIMS).size - 1) {
    const [endsMs, most] = [performance.now() + random.integer(0, LONGEST_PEACE_MS), random.integer(0, MOST_IN_PEACE)];
    const last = answered() + most;
    while (performance.now() < endsMs && answered() < last) await wait(20);
    const victim = random.pick(VICTIMS);
    if (await kill(region, victim, random)) {
      kills++;
      turns.add(victim);
    } else if (peace.aborted) return kills;
  }
  return kills;
}

/** Whether there was something to kill. */
async function kill(region: ChaosRegion, victim: (typeof VICTIMS)[number], random: Random): Promise<boolean> {
  if (victim === "region") {
    await region.restart();
    return true;
  }
  const [first, ...others] = functionProcesses(region.pid(), `ingestion-dev-${victim}`);
  if (first === undefined) return false;
  process.kill(random.pick([first, ...others]), "SIGKILL");
  return true;
}

/** Lets the work go on undisturbed until every order has its effect; what died on the way is redriven by the API. */
async function untilEffective({ dynamodb }: ChaosRegion, api: string, orderIds: readonly string[]): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let changedMs = performance.now();
  while (performance.now() - changedMs < LONGEST_STILL_MS) {
    const there = new Set((await readEffects(dynamodb)).map(({ orderId }) => orderId));
    const missing = orderIds.filter((orderId) => !there.has(orderId)).length;
    if (missing === 0) return;
    if (missing < least) changedMs = performance.now();
    least = Math.min(least, missing);
    await redriveAll(api);
    await wait(1_000);
  }
}
