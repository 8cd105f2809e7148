import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type ServerProcess, startRegionOf, withServers } from "../harness/server-process.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { untilAnswered } from "../harness/until-answered.ts";
import { median } from "./compare.ts";
import { CREDENTIALS } from "./consumer-requests.ts";
import { watchCpu } from "./ingest-cpu.ts";
import { type Door, type Posted, postAtOnce, postAtRate } from "./ingest-load.ts";

/** The rate that is to be sustained, requests a second, a little over what is promised; and for how long, seconds. */
const RATE_PER_SECOND = 510;
const SUSTAINED_SECONDS = 15;

/** Where it does not hold: the shares of what clients without a pause get that are tried, and how long each, seconds. */
const SHARES = [0.85, 0.7, 0.55, 0.4, 0.25];
const TRIED_SECONDS = 6;

/** A rate holds where nearly all of it is accepted, all without an error, 99 % within this time, and the worker is this close behind, seconds. */
const HELD_SHARE = 0.97;
const HELD_P99_MS = 100;
const HELD_BEHIND_SECONDS = 2;

/** No throttle below the load; and batches as one would set them at such a rate, with a window in which they fill: without it, a batch is what came in the last few milliseconds. */
const SETTINGS = {
  throttleRatePerSecond: 10_000,
  throttleBurst: 5_000,
  batchSize: 100,
  batchingWindowSeconds: 1,
};

/** Each side warms up in parts until some bring little more than the best before them: how long a part is, seconds, how many there are at most, what counts as more, and how many bring it no more. */
const WARM_SECONDS = 3;
const MOST_WARM_PARTS = 10;
const WARMER = 1.05;
const PARTS_TO_BE_WARM = 2;

/** How long a comparison takes, seconds, with how many clients, and how many there are, in turns. */
const COMPARED_SECONDS = 4;
const CLIENTS = 16;
const TURNS = 3;

/** How long the worker and the door are waited for between two loads, milliseconds; and when the door is free: it answers within this time. */
const LONGEST_BEHIND_MS = 8_000;
const FREE_MS = 100;

/** When no further rate is tried, milliseconds after the first request: what is measured by then is told. */
const LAST_TRY_MS = 110_000;

/** How the ingestion bears a load beside its running worker, in the local region. */
export interface IngestBench {
  /** Answered 202, at 510 a second for 15 seconds; where that does not hold, at the highest rate of those tried that does. */
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Requests of that load with another answer, or none. */
  readonly errors: number;
  /** The most that the ingestion answers over the most that an API does whose function only sends. */
  readonly ratioToBare: number;
}

/** Loads the event ingestion, and compares it with a bare HTTP API and queue on the same region; takes three minutes at most. */
export async function benchIngest(): Promise<IngestBench> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-bench-"));
  const [app, bare] = [join(directory, "app"), join(directory, "bare")];
  synthesizeApp("apps/event-ingestion", app, SETTINGS);
  synthesizeApp("bench/bare-ingest", bare);
  try {
    return await withServers([startRegionOf(app)], async ([region]) => {
      if (!region) throw new Error("There is no region.");
      const { endpoint } = region;
      await untilAnswered(`${endpoint}/_api/ingestion-dev-api/health`);
      const flags = ["local", "deploy", "--assembly", bare, "--endpoint", endpoint];
      execFileSync(process.execPath, ["packages/cli/bin/reliq.js", ...flags], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      return await measure(region);
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(region: ServerProcess): Promise<IngestBench> {
  const { endpoint } = region;
  const ingest = { endpoint, path: "/_api/ingestion-dev-api/events" };
  const bare = { endpoint, path: "/_api/bare-api/events" };
  const began = performance.now();
  const loaded = (what: string, door: Door, post: (door: Door) => Promise<Posted>): Promise<Posted> =>
    load(region, what, door, post);
  const atOnce = (seconds: number) => (door: Door) => postAtOnce(door, CLIENTS, seconds);
  const warm = (what: string, door: Door): Promise<number> =>
    warmUp(async () => (await loaded(what, door, atOnce(WARM_SECONDS))).perSecond);
  await warm("warm bare", bare);
  const capacity = await warm("warm", ingest);
  const rates = [RATE_PER_SECOND, ...SHARES.map((share) => Math.min(share * capacity, RATE_PER_SECOND))];
  let sustained: Posted | undefined;
  for (const [tried, rate] of rates.entries()) {
    if (tried > 0 && performance.now() - began > LAST_TRY_MS) break;
    const seconds = tried === 0 ? SUSTAINED_SECONDS : TRIED_SECONDS;
    sustained = await loaded(`at ${rate.toFixed(0)}/s`, ingest, (door) => postAtRate(door, rate, seconds));
    if (holds(sustained, rate) && (await behind(endpoint)) < rate * HELD_BEHIND_SECONDS) break;
  }
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < TURNS; turn++) {
    ours.push((await loaded("compared", ingest, atOnce(COMPARED_SECONDS))).perSecond);
    theirs.push((await loaded("compared bare", bare, atOnce(COMPARED_SECONDS))).perSecond);
  }
  const { perSecond = 0, latenciesMs = [], others = {} } = sustained ?? {};
  return {
    requestsPerSecond: Math.round(perSecond),
    p99Ms: Number(percentile(latenciesMs, 0.99).toFixed(1)),
    errors: Object.values(others).reduce((sum, count) => sum + count, 0),
    ratioToBare: Number((median(ours) / median(theirs)).toFixed(2)),
  };
}

/** Runs parts until they get little faster; gives the best of them, a second. */
async function warmUp(part: () => Promise<number>): Promise<number> {
  let best = await part();
  for (let [parts, alike] = [1, 0]; parts < MOST_WARM_PARTS && alike < PARTS_TO_BE_WARM; parts++) {
    const next = await part();
    alike = next < best * WARMER ? alike + 1 : 0;
    best = Math.max(best, next);
  }
  return best;
}

function holds({ perSecond, latenciesMs, others }: Posted, rate: number): boolean {
  const errors = Object.keys(others).length;
  return errors === 0 && perSecond >= rate * HELD_SHARE && percentile(latenciesMs, 0.99) < HELD_P99_MS;
}

/** Puts a load on once the worker has caught up, and tells how it went. */
async function load(
  { endpoint, pid }: ServerProcess,
  what: string,
  door: Door,
  post: (door: Door) => Promise<Posted>,
): Promise<Posted> {
  const before = await untilWorkedOff(endpoint);
  const cost = watchCpu(pid);
  const posted = await post(door);
  const { perSecond, latenciesMs, others } = posted;
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => `${percentile(latenciesMs, share).toFixed(0)} ms`);
  const words = [
    what.padEnd(14),
    `${perSecond.toFixed(0)}/s`,
    `p50 ${p50}  p99 ${p99}  max ${most}  others ${JSON.stringify(others)}`,
    `queue ${before} to ${await behind(endpoint)}`,
    cost(latenciesMs.length),
    `load ${loadavg()[0]?.toFixed(1)}`,
  ];
  console.error(words.join("  "));
  return posted;
}

/** Waits until the worker has nothing left to do, and nothing that was given up is still being answered, but not for ever; gives what the worker has left. */
async function untilWorkedOff(endpoint: string): Promise<number> {
  const endsMs = performance.now() + LONGEST_BEHIND_MS;
  for (;;) {
    const left = await behind(endpoint);
    const askedMs = performance.now();
    const health = fetch(`${endpoint}/_api/ingestion-dev-api/health`).then((answer) => answer.text());
    await Promise.race([health, wait(LONGEST_BEHIND_MS)]);
    const isFree = left === 0 && performance.now() - askedMs < FREE_MS;
    if (isFree || performance.now() > endsMs) return left;
    await wait(100);
  }
}

/** The messages that the worker is behind. */
async function behind(endpoint: string): Promise<number> {
  const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: `${endpoint}/000000000000/ingestion-dev-events`,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  sqs.destroy();
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

function percentile(ordered: readonly number[], share: number): number {
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? Number.NaN;
}
