import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from "@aws-sdk/client-sqs";
import type { QueueCounts } from "@reliq/core";
import { balanceMeters, type CountedQueues, type RecoverPorts, SETTLED_MS } from "@reliq/core/recovery";
import { readMeters, readPeriods } from "./queue-meters.ts";

/** A queue that is accounted for by its metrics; several can have one dead-letter queue. */
export interface MeteredQueue {
  readonly name: string;
  readonly url: string;
  readonly deadLetterQueue?: { readonly name: string; readonly url: string };
}

/** What asks AWS, and when it is, in milliseconds since the Unix epoch. */
export interface MeterClients {
  readonly sqs: SQSClient;
  readonly cloudwatch: CloudWatchClient;
  /** @default Date.now */
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;

/** How long CloudWatch keeps metrics (CloudWatch user guide, "Metrics retention"). */
const KEPT_DAYS = 455;

/** The last day is read in periods of five minutes. */
const PERIOD_MS = 300_000;

/**
 * What queues have seen and hold where their host keeps no history, as AWS does: sent and deleted by CloudWatch's metrics, which are
 * approximate and up to 15 minutes late, what they hold by SQS's own attributes, which are approximate too. What expired, was purged or
 * was moved by hand is in neither. It takes 2 requests and 14 metrics for a queue with its dead-letter queue.
 */
export function meteredCounts(
  queues: readonly MeteredQueue[],
  { sqs, cloudwatch, now = Date.now }: MeterClients,
): NonNullable<RecoverPorts["counts"]> {
  const families = [...Map.groupBy(queues, ({ name, deadLetterQueue }) => deadLetterQueue?.url ?? name).values()];
  return () => Promise.all(families.map((family) => countFamily(family, { sqs, cloudwatch, nowMs: now() })));
}

interface Asking extends Pick<MeterClients, "cloudwatch" | "sqs"> {
  readonly nowMs: number;
}

async function countFamily(
  family: readonly MeteredQueue[],
  { sqs, cloudwatch, nowMs }: Asking,
): Promise<CountedQueues> {
  const dead = family[0]?.deadLetterQueue;
  const all = [...family, ...(dead ? [dead] : [])];
  const names = all.map(({ name }) => name);
  const held = await Promise.all(all.map(({ url }) => readHeld(sqs, url)));
  const createdMs = Math.min(...held.map((each) => each.createdMs));
  const sinceMs = Math.max(createdMs, nowMs - KEPT_DAYS * DAY_MS);
  const toMs = floor(nowMs - SETTLED_MS, PERIOD_MS);
  const fromMs = toMs - DAY_MS;
  const [meters, periods] = await Promise.all([
    readMeters(cloudwatch, names, { fromMs: floor(sinceMs, DAY_MS), toMs: nowMs, periodMs: DAY_MS }),
    readPeriods(cloudwatch, names, { fromMs, toMs, periodMs: PERIOD_MS }),
  ]);
  const counts = held.map(({ waiting, inFlight, delayed }, index): QueueCounts => {
    const { sent = 0, deleted = 0 } = meters[index] ?? {};
    return { ...UNKNOWN, accepted: sent, deleted, waiting, inFlight, delayed };
  });
  const lately = balanceMeters(periods, { fromMs, periodMs: PERIOD_MS });
  return {
    queues: family.map(({ name }, index) => ({ name, counts: counts[index] ?? EMPTY })),
    deadLetterQueue: counts[family.length] ?? EMPTY,
    meters: { sinceMs, ...(lately && { lately }) },
  };
}

/** What neither metrics nor attributes tell. */
const UNKNOWN = { purged: 0, expired: 0, movedIn: 0, movedOut: 0 };
const EMPTY: QueueCounts = { ...UNKNOWN, accepted: 0, deleted: 0, waiting: 0, inFlight: 0, delayed: 0 };

function floor(ms: number, stepMs: number): number {
  return ms - (ms % stepMs);
}

const HELD: readonly QueueAttributeName[] = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
];

/** What a queue holds by SQS's own attributes, which are approximate, and when it was made. */
export async function readHeld(
  sqs: SQSClient,
  url: string,
): Promise<Pick<QueueCounts, "delayed" | "inFlight" | "waiting"> & { readonly createdMs: number }> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...HELD] });
  const { Attributes } = await sqs.send(command);
  const [waiting = 0, inFlight = 0, delayed = 0, created = 0] = HELD.map((name) => Number(Attributes?.[name] ?? 0));
  return { waiting, inFlight, delayed, createdMs: created * 1_000 };
}
