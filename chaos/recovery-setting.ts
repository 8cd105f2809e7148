import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { RecoveredQueue } from "@reliq/aws/recovery";
import type { Policy } from "@reliq/core/recovery";
import { failureTable } from "@reliq/core/testing";
import type { RegionClients } from "./chaos-region.ts";
import { createTables } from "./consumer-effects.ts";

/** The modes of consumers whose messages recovery heals. */
export const RECOVERED_MODES = ["plain", "keyed", "sequence"] as const;
export type RecoveredMode = (typeof RECOVERED_MODES)[number];

export const FAILURE_TABLE_NAME = "failures";
export const ARCHIVE_BUCKET = "archive";

const MAX_RECEIVES = 2;

/** What a killed process had in hand comes back after this, seconds. */
const RECOVERY_VISIBILITY_SECONDS = 3;

const VISIBILITY_SECONDS = 20;

/** What may pass is healed twice, the rest is archived. Nobody is told: the reminder of an alert waits for an hour. */
export const CHAOS_POLICY: Policy = {
  rules: [
    { name: "what may pass", when: { retryable: true }, then: ["heal"] },
    { name: "what never will", when: { category: "bad-payload" }, then: ["archive"] },
  ],
  maxHeals: 2,
  backoff: { baseSeconds: 1, capSeconds: 2 },
  budget: { relapses: 1_000_000, share: 1 },
};

export interface RecoverySetting {
  readonly queues: readonly RecoveredQueue[];
  readonly deadLetterUrls: readonly string[];
  readonly wakeUpsUrl: string;
}

/** How long what was received stays hidden, and how often it is received. */
export interface SettingTimes {
  /** What recovery had in hand when it was killed comes back after this. @default 3 */
  readonly recoverySeconds?: number;
  /** Of the queues that messages die on. @default 20 */
  readonly visibilitySeconds?: number;
  /** How many receives a message has in each of its lives. @default 2 */
  readonly maxReceives?: number;
}

/** Creates tables, bucket and queues, as the constructs would. */
export async function createSetting(
  { sqs, dynamodb, s3 }: RegionClients,
  {
    recoverySeconds = RECOVERY_VISIBILITY_SECONDS,
    visibilitySeconds = VISIBILITY_SECONDS,
    maxReceives = MAX_RECEIVES,
  }: SettingTimes = {},
): Promise<RecoverySetting> {
  await createTables(dynamodb);
  await dynamodb.send(new CreateTableCommand(failureTable(FAILURE_TABLE_NAME)));
  await s3.send(new CreateBucketCommand({ Bucket: ARCHIVE_BUCKET }));
  const wakeUpsUrl = await createQueue(sqs, "wake-ups", { VisibilityTimeout: String(recoverySeconds) });
  const times = { recoverySeconds, visibilitySeconds, maxReceives };
  const queues = await Promise.all(RECOVERED_MODES.map((mode) => createRecovered(sqs, mode, times)));
  return { queues: queues.map(({ queue }) => queue), deadLetterUrls: queues.map(({ deadUrl }) => deadUrl), wakeUpsUrl };
}

async function createRecovered(
  sqs: SQSClient,
  mode: RecoveredMode,
  { recoverySeconds, visibilitySeconds, maxReceives }: Required<SettingTimes>,
): Promise<{ readonly queue: RecoveredQueue; readonly deadUrl: string }> {
  const fifo = mode === "sequence" ? { FifoQueue: "true" } : {};
  const name = (base: string): string => `${base}${mode === "sequence" ? ".fifo" : ""}`;
  const deadLetterQueue = name(`${mode}-dead`);
  const dead = { VisibilityTimeout: String(recoverySeconds), ...fifo };
  const deadUrl = await createQueue(sqs, deadLetterQueue, dead);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ["QueueArn"] }),
  );
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: Attributes?.["QueueArn"],
    maxReceiveCount: maxReceives,
  });
  const url = await createQueue(sqs, name(mode), {
    VisibilityTimeout: String(visibilitySeconds),
    RedrivePolicy,
    ...fifo,
  });
  const settings = { maxReceiveCount: maxReceives, visibilitySeconds };
  return { queue: { name: name(mode), url, deadLetterQueue, ...settings }, deadUrl };
}

async function createQueue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>): Promise<string> {
  return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? "";
}
