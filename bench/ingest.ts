import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Pool } from "undici";
import { rawClient } from "../harness/raw-client.ts";
import { startRegionOf, withServers } from "../harness/server-process.ts";
import { synthesizeApp } from "../harness/synthesize-app.ts";
import { untilAnswered } from "../harness/until-answered.ts";
import { median } from "./compare.ts";
import { CREDENTIALS } from "./consumer-requests.ts";
import { type Posted, postAtOnce, postAtRate } from "./ingest-load.ts";

/** The rate that is to be sustained, requests a second, a little over what is promised; and for how long, seconds. */
const RATE_PER_SECOND = 510;
const SUSTAINED_SECONDS = 20;

/** How long each side warms up and each comparison takes, seconds, and with how many clients. */
const WARM_SECONDS = 6;
const COMPARED_SECONDS = 5;
const CLIENTS = 16;

/** Comparisons, in turns. */
const TURNS = 3;

/** How many connections the clients have. */
const CONNECTIONS = 128;

const INGEST = "/_api/ingestion-dev-api/events";
const BARE = "/_api/bare-api/events";

/** How the ingestion bears a load beside its running worker, in the local region. */
export interface IngestBench {
  /** Answered 202, at a rate of 510 a second for 20 seconds. */
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Requests of that load with another answer, or none. */
  readonly errors: number;
  /** The most that the ingestion answers over the most that an API does whose function only sends. */
  readonly ratioToBare: number;
}

/** Loads the event ingestion, and compares it with a bare HTTP API and queue on the same region. */
export async function benchIngest(): Promise<IngestBench> {
  const directory = mkdtempSync(join(tmpdir(), "reliq-bench-"));
  const [app, bare] = [join(directory, "app"), join(directory, "bare")];
  synthesizeApp("apps/event-ingestion", app, { throttleRatePerSecond: 10_000, throttleBurst: 5_000 });
  synthesizeApp("bench/bare-ingest", bare);
  try {
    return await withServers([startRegionOf(app)], async ([region]) => {
      const endpoint = region?.endpoint ?? "";
      await untilAnswered(`${endpoint}/_api/ingestion-dev-api/health`);
      const flags = ["local", "deploy", "--assembly", bare, "--endpoint", endpoint];
      execFileSync(process.execPath, ["packages/cli/bin/reliq.js", ...flags], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      return await measure(rawClient(endpoint, CONNECTIONS), endpoint);
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(pool: Pool, endpoint: string): Promise<IngestBench> {
  for (const path of [INGEST, BARE]) tell("warm", path, await postAtOnce(pool, path, CLIENTS, WARM_SECONDS));
  await untilWorkedOff(endpoint);
  const sustained = await postAtRate(pool, INGEST, RATE_PER_SECOND, SUSTAINED_SECONDS);
  tell("sustained", INGEST, sustained);
  const rates = new Map<string, number[]>([
    [INGEST, []],
    [BARE, []],
  ]);
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [path, found] of rates) {
      await untilWorkedOff(endpoint);
      const posted = await postAtOnce(pool, path, CLIENTS, COMPARED_SECONDS);
      tell("compared", path, posted);
      found.push(posted.perSecond);
    }
  }
  const [ingest = 0, bare = 0] = [...rates.values()].map(median);
  return {
    requestsPerSecond: Math.round(sustained.perSecond),
    p99Ms: Number(percentile(sustained.latenciesMs, 0.99).toFixed(1)),
    errors: Object.values(sustained.others).reduce((sum, count) => sum + count, 0),
    ratioToBare: Number((ingest / bare).toFixed(2)),
  };
}

/** Waits until the worker has nothing left to do. */
async function untilWorkedOff(endpoint: string): Promise<void> {
  const sqs = new SQSClient({ endpoint, region: "us-east-1", credentials: CREDENTIALS });
  const get = new GetQueueAttributesCommand({
    QueueUrl: `${endpoint}/000000000000/ingestion-dev-events`,
    AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
  });
  for (;;) {
    const { Attributes = {} } = await sqs.send(get);
    if (Object.values(Attributes).every((count) => count === "0")) break;
    await wait(200);
  }
  sqs.destroy();
}

function tell(what: string, path: string, { perSecond, latenciesMs, others }: Posted): void {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => `${percentile(latenciesMs, share).toFixed(0)} ms`);
  const name = path === INGEST ? "ingest" : "bare";
  console.error(
    `${what}  ${name}  ${perSecond.toFixed(0)}/s  p50 ${p50}  p99 ${p99}  max ${most}  others ${JSON.stringify(others)}  load ${loadavg()[0]?.toFixed(1)}`,
  );
}

function percentile(ordered: readonly number[], share: number): number {
  return ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? Number.NaN;
}
