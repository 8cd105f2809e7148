import { createServer } from "node:http";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type LogLine, ValidationFailure } from "@reliq/core";
import { checkAccount, type RecoverPorts } from "@reliq/core/recovery";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { likeAws } from "../../../harness/like-aws.ts";
import { meteredCounts, recoveryFromEnvironment } from "../src/recovery/index.ts";
import { regionCounts } from "../src/recovery/region-counts.ts";
import { type RedriveTrial, redriveTrial } from "./redrive-trial.ts";
import { type ClientSettings, localRegion } from "./region.ts";

const PATIENCE = { timeout: 60_000, interval: 200 };
const HOUR_SECONDS = 3_600;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

async function jump({ endpoint }: ClientSettings): Promise<void> {
  const body = JSON.stringify({ seconds: HOUR_SECONDS, waitSeconds: 60 });
  const { ok, statusText } = await fetch(new URL("/_reliq/jump", endpoint), { method: "POST", body });
  if (!ok) throw new Error(statusText);
}

interface MeteredTrial extends RedriveTrial {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** What the scheduled check logs an hour later. */
  readonly checkLater: () => Promise<readonly LogLine[]>;
  readonly counts: NonNullable<RecoverPorts["counts"]>;
}

/** A queue whose host keeps no history: the local region's own actions are not asked. */
async function meteredTrial(): Promise<MeteredTrial> {
  const region = await localRegion({ jumps: true });
  const trial = await redriveTrial({
    region,
    handle: (body) => {
      if (body === 9) throw new ValidationFailure("it is bad");
    },
  });
  const url = (name: string): string => `${region.endpoint}/000000000000/${name}`;
  const sqs = new SQSClient(region);
  const orders = { name: "orders", url: url("orders"), deadLetterQueue: { name: "dead", url: url("dead") } };
  const now = (): number => Date.now() + HOUR_SECONDS * 1_000;
  const counts = meteredCounts([orders], { sqs, cloudwatch: new CloudWatchClient(region), now });
  const checkLater = async (): Promise<readonly LogLine[]> => {
    await jump(region);
    const lines: LogLine[] = [];
    await checkAccount({ ...trial.ports, counts, now, log: (line) => lines.push(line) });
    return lines;
  };
  return { ...trial, sqs, queueUrl: url("orders"), counts, checkLater };
}

test("by its metrics a queue balances whose messages were processed, or died and are held", async () => {
  const { processed, send, store, checkLater, counts } = await meteredTrial();
  for (const body of ["1", "2", "3", "9"]) await send(body);
  await expect.poll(() => processed.length, PATIENCE).toBe(3);
  await expect.poll(async () => (await store.totals())[0]?.states.held, PATIENCE).toBe(1);
  expect(await checkLater()).toEqual([]);
  expect(await counts()).toMatchObject([
    {
      queues: [{ name: "orders", counts: { accepted: 4, waiting: 0, inFlight: 0 } }],
      meters: { lately: { sent: expect.any(Number), missing: 0 } },
    },
  ]);
}, 120_000);

test("what vanished from a queue unprocessed is missing by its metrics, and the scheduled check says so", async () => {
  const { processed, send, sqs, queueUrl, checkLater } = await meteredTrial();
  await send("1");
  await expect.poll(() => processed.length, PATIENCE).toBe(1);
  const later = { QueueUrl: queueUrl, MessageBody: "never", DelaySeconds: 900 };
  for (const _ of [1, 2]) await sqs.send(new SendMessageCommand(later));
  await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  expect(await checkLater()).toMatchObject([
    {
      event: "account-unbalanced",
      queue: "orders",
      wrong: "2 missing by metrics",
      account: { accepted: 3, processed: 1, difference: 2 },
      approximate: expect.arrayContaining(["accepted"]),
      lately: { sent: 3, missing: 2 },
    },
  ]);
}, 120_000);

test("an endpoint that is no local region is noticed, and asked as AWS is; one that is down is not taken for it", async () => {
  const answers = { status: 400 };
  const server = createServer((_, response) => {
    response.writeHead(answers.status, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ __type: "com.amazon.coral.service#UnknownOperationException" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { readonly port: number };
  const endpoint = `http://127.0.0.1:${port}`;
  const otherwise = async () => [];
  expect(await regionCounts(endpoint, otherwise)()).toEqual([]);
  await expect(regionCounts(endpoint)()).rejects.toThrow("is no local region");
  answers.status = 503;
  await expect(regionCounts(endpoint, otherwise)()).rejects.toThrow("503");
});

test("recovery counts by metrics once an hour where its endpoint is no local region", async () => {
  const region = await localRegion();
  await redriveTrial({ region, consumes: false });
  const endpoint = await likeAws(region.endpoint);
  const credentials = { AWS_ACCESS_KEY_ID: "local", AWS_SECRET_ACCESS_KEY: "local" };
  const environment = {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region.region, ...credentials },
    ...{ FAILED_TABLE: "failures", ARCHIVE_BUCKET: "archive", RELIQ_JOURNAL_TABLE: "journal" },
    RELIQ_WAKE_UPS_URL: `${endpoint}/000000000000/wake-ups`,
    RELIQ_RECOVERED_QUEUES: JSON.stringify([
      ["orders", "dead", 1, 1],
      ["elsewhere", "dead", 1, 1, `${endpoint}/111111111111/elsewhere`],
    ]),
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { ports } = recoveryFromEnvironment({ policy: { rules: [] } }, environment);
  vi.useFakeTimers({ toFake: ["Date"] });
  const hourMs = HOUR_SECONDS * 1_000;
  const nextHourMs = Date.now() - (Date.now() % hourMs) + hourMs;
  vi.setSystemTime(nextHourMs + 60_000);
  expect(await ports.counts?.()).toMatchObject([{ queues: [{ name: "orders" }], meters: { lately: { missing: 0 } } }]);
  vi.setSystemTime(nextHourMs + 600_000);
  expect(await ports.counts?.()).toEqual([]);
}, 120_000);
