import { randomUUID } from "node:crypto";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ReliqError } from "@reliq/core";
import {
  type AlertChannel,
  checkPolicy,
  type Policy,
  personalNamesIn,
  type QueueSchema,
  type RecoverPorts,
  type RecoveryRules,
  type Repair,
} from "@reliq/core/recovery";
import { dynamodbFailureStore } from "../dynamodb/failure-store/failure-store.ts";
import { dynamodbJournal } from "../dynamodb/journal.ts";
import { dynamodbLedger } from "../dynamodb/ledger.ts";
import { dynamodbQuarantine } from "../dynamodb/quarantine/quarantine.ts";
import { needText, refusedVariable } from "../environment.ts";
import { logLines } from "../log-lines.ts";
import { emfMeasures, type Measures } from "../telemetry/measures.ts";
import { allChannels } from "./all-channels.ts";
import { sqsDepth } from "./measure-waiting.ts";
import { type MeterClients, type MeteredQueue, meteredCounts } from "./metered-counts.ts";
import { type RecoveredQueue, readRecoveredQueues } from "./recovered-queue.ts";
import type { RecoveryOptions } from "./recovery-handler.ts";
import { regionCounts } from "./region-counts.ts";
import { regionReports } from "./region-reports.ts";
import { s3Archive } from "./s3-archive.ts";
import { snsAlerts } from "./sns-alerts.ts";
import { sqsLoad } from "./sqs-load.ts";
import { sqsResend } from "./sqs-resend.ts";
import { sqsWakeUps } from "./sqs-wake-ups.ts";
import { type Webhook, webhookAlerts } from "./webhook-alerts.ts";

const SET_BY = "The Recovery construct";

/** What a person adds to what the Recovery construct sets. */
export interface RecoveryAdditions extends Partial<RecoveryRules> {
  /** @default the policy that the Recovery construct was given */
  readonly policy?: Policy;
  /** Repairs that the policy may name. @default none */
  readonly repairs?: readonly Repair[];
  /** Where alerts go beside the topic. @default nowhere */
  readonly webhooks?: readonly Webhook[];
  /** Where its numbers go beside CloudWatch: `statsdMeasures()` of `@reliq/aws/telemetry`, say. @default nowhere */
  readonly measures?: readonly Measures[];
  /** What queues' consumers take, by queue; a consumer is one itself. Edits and redrives are checked against it. @default nothing is known */
  readonly schemas?: Readonly<Record<string, QueueSchema>>;
}

/**
 * What recovery works by, from the environment that the Recovery construct sets: `FAILED_TABLE`, `ARCHIVE_BUCKET`,
 * `RELIQ_JOURNAL_TABLE`, `RELIQ_WAKE_UPS_URL`, `RELIQ_RECOVERED_QUEUES` (JSON: a list of `[name, dead-letter queue, maxReceiveCount, visibilitySeconds, url?]`), where people are told, `ALERT_TOPIC_ARN`, the namespace of its metrics, `RELIQ_METRICS_NAMESPACE`, and the names of personal fields, `RELIQ_PERSONAL_FIELDS` (with commas). `LOG_LEVEL`
 * (`error`, `warn`, `info`) says which lines are logged, all by default.
 * @throws ReliqError `environment` that names a missing or wrong variable; `recovery-schema` for one of a queue that is not served; `policy` that names what is wrong in it.
 */
export function recoveryFromEnvironment(
  additions: RecoveryAdditions = {},
  environment: NodeJS.ProcessEnv = process.env,
): RecoveryOptions {
  const { repairs = [], webhooks = [], measures = [], schemas = {} } = additions;
  const policy = checkPolicy(additions.policy ?? givenPolicy(environment));
  const need = (name: string, takes: string): string => needText(environment, name, takes, SET_BY);
  const wakeUpsUrl = need("RELIQ_WAKE_UPS_URL", "the URL of the queue of reminders");
  const queues = readRecoveredQueues(environment, wakeUpsUrl);
  checkSchemas(schemas, queues);
  const sqs = new SQSClient({});
  const log = logLines(environment, SET_BY);
  const endpoint = environment["AWS_ENDPOINT_URL"];
  const dynamodb = new DynamoDBClient({});
  const cloudwatch = new CloudWatchClient({});
  const personalFields = (environment["RELIQ_PERSONAL_FIELDS"] ?? "").split(",").filter((name) => name !== "");
  const failedTable = need("FAILED_TABLE", "the name of the failure store's table");
  const journalTable = need("RELIQ_JOURNAL_TABLE", "the name of the journal's table");
  const ports: RecoverPorts = {
    journal: dynamodbJournal(dynamodb, journalTable),
    ledger: dynamodbLedger(dynamodb, journalTable),
    store: dynamodbFailureStore(dynamodb, failedTable),
    quarantine: dynamodbQuarantine(dynamodb, failedTable),
    archive: s3Archive(
      new S3Client({ forcePathStyle: endpoint !== undefined }),
      need("ARCHIVE_BUCKET", "the name of the archive's bucket"),
    ),
    resend: sqsResend(sqs, queues),
    wakeUps: sqsWakeUps(sqs, wakeUpsUrl),
    alerts: allChannels(channels(environment["ALERT_TOPIC_ARN"], webhooks), log),
    queueLoad: sqsLoad(cloudwatch),
    personalFields,
    schemas: (queue) => (Object.hasOwn(schemas, queue) ? schemas[queue] : undefined),
    log,
    now: Date.now,
    random: Math.random,
    newId: randomUUID,
    counts: countsOf(endpoint, queuesBeside(queues, wakeUpsUrl), { sqs, cloudwatch }),
    ...(endpoint !== undefined && { reports: regionReports(endpoint) }),
  };
  const namespace = environment["RELIQ_METRICS_NAMESPACE"] ?? "Reliq/Recovery";
  const everywhere = [emfMeasures({ namespace }), ...measures];
  return {
    policy,
    repairs: repairs.map((repair) => withPersonalFields(repair, queues, ports)),
    queues,
    ports,
    wakeUpQueue: wakeUpsUrl.slice(wakeUpsUrl.lastIndexOf("/") + 1),
    measures: (seen) => {
      for (const take of everywhere) take(seen);
    },
    depth: sqsDepth(sqs, queues),
  };
}

/** What a repair says of messages has none of the values that their queue's personal fields have. */
function withPersonalFields(repair: Repair, queues: readonly RecoveredQueue[], ports: RecoverPorts): Repair {
  const names = queues
    .filter(({ name }) => repair.queue === undefined || repair.queue === name)
    .flatMap(({ name }) => personalNamesIn(name, ports));
  return { ...repair, personalFields: [...new Set([...(repair.personalFields ?? []), ...names])] };
}

/** A queue of another account or region has its metrics there. */
function queuesBeside(queues: readonly RecoveredQueue[], wakeUpsUrl: string): readonly MeteredQueue[] {
  const beside = wakeUpsUrl.slice(0, wakeUpsUrl.lastIndexOf("/") + 1);
  return queues
    .filter(({ name, url }) => url === `${beside}${name}`)
    .map(({ name, url, deadLetterQueue }) => {
      return { name, url, deadLetterQueue: { name: deadLetterQueue, url: `${beside}${deadLetterQueue}` } };
    });
}

function countsOf(
  endpoint: string | undefined,
  queues: readonly MeteredQueue[],
  clients: MeterClients,
): NonNullable<RecoverPorts["counts"]> {
  const metered = hourly(meteredCounts(queues, clients));
  return endpoint === undefined ? metered : regionCounts(endpoint, metered);
}

const HOUR_MS = 3_600_000;

/** How often the schedule asks, ms. */
const ASKED_EACH_MS = 300_000;

/** Metrics have a price, and say nothing new in five minutes: they are asked for once an hour, and between give no queues. */
function hourly(counts: NonNullable<RecoverPorts["counts"]>): NonNullable<RecoverPorts["counts"]> {
  return async () => (Date.now() % HOUR_MS < ASKED_EACH_MS ? counts() : []);
}

function checkSchemas(schemas: Readonly<Record<string, QueueSchema>>, queues: readonly RecoveredQueue[]): void {
  const unknown = Object.keys(schemas).find((queue) => !queues.some(({ name }) => name === queue));
  if (unknown === undefined) return;
  const served = queues.map(({ name }) => name).join(", ");
  throw new ReliqError("recovery-schema", `\`schemas\` has the queue ${unknown}, and recovery serves ${served}.`);
}

function channels(topicArn: string | undefined, webhooks: readonly Webhook[]): AlertChannel[] {
  const topic = topicArn === undefined ? [] : [snsAlerts(new SNSClient({}), topicArn)];
  return [...topic, ...webhooks.map((webhook) => webhookAlerts(webhook))];
}

/** The policy in the bundle, which the Recovery construct puts there (a variable could hold 4 KB), or in the environment. */
function givenPolicy(environment: NodeJS.ProcessEnv): unknown {
  const text = process.env["RELIQ_POLICY"] ?? environment["RELIQ_POLICY"];
  try {
    return JSON.parse(text ?? "");
  } catch {
    throw refusedVariable("RELIQ_POLICY", text?.slice(0, 200), "a policy as JSON, where the code gives none", SET_BY);
  }
}
