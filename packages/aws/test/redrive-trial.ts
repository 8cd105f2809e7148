import { randomUUID } from "node:crypto";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import {
  type ConsumePorts,
  type ConsumerOptions,
  consumer,
  groupOrder,
  type Journal,
  transactionalEffects,
} from "@reliq/core";
import {
  type FailedMessage,
  type FailureStore,
  failureId,
  type Policy,
  type QueueSchema,
  type RecoverPorts,
} from "@reliq/core/recovery";
import { anyBody, failureTable, sampleAudit, sampleFailure } from "@reliq/core/testing";
import { onTestFinished } from "vitest";
import { serveQueue } from "../../../harness/event-source.ts";
import {
  dynamodbFailureStore,
  dynamodbJournal,
  dynamodbQuarantine,
  runWorker,
  sqsDeadLetters,
  sqsVisibility,
  timeLimit,
} from "../src/index.ts";
import { recoveryHandler, s3Archive, sqsResend, sqsWakeUps } from "../src/recovery/index.ts";
import { tableClient } from "./journal-table.ts";
import { type ClientSettings, localRegion } from "./region.ts";

/** A queue, its consumer and its recovery at work in a local region, over the real store. */
export interface RedriveTrial {
  readonly ports: RecoverPorts;
  readonly store: FailureStore;
  /** Bodies that the consumer has processed, in order. */
  readonly processed: readonly unknown[];
  /** Sends a body to the queue, and gives back its failed message's id. */
  readonly send: (body: string, attributes?: Readonly<Record<string, MessageAttributeValue>>) => Promise<string>;
  /** Receives from the queue and lets go of what it gets, as a consumer that fails without Reliq. */
  readonly receive: () => Promise<void>;
  /** Puts records into the store as they are. */
  readonly put: (failures: readonly FailedMessage[]) => Promise<void>;
}

interface TrialOptions extends Partial<ConsumerOptions<unknown>> {
  readonly fifo?: boolean;
  readonly policy?: Policy;
  readonly queueSchema?: QueueSchema;
  /** @default one of its own */
  readonly region?: ClientSettings;
  readonly queueLoad?: RecoverPorts["queueLoad"];
  /** @default 1 */
  readonly maxReceiveCount?: number;
  /** @default 1 */
  readonly visibilitySeconds?: number;
  /** Whether the consumer is one of Reliq's, at work. @default true */
  readonly consumes?: boolean;
}

/** Starts it; it ends with the test. A message that fails once is dead. */
export async function redriveTrial({
  fifo,
  policy = { rules: [] },
  queueSchema,
  consumes = true,
  region,
  queueLoad,
  maxReceiveCount = 1,
  visibilitySeconds = 1,
  ...options
}: TrialOptions = {}): Promise<RedriveTrial> {
  const settings = region ?? (await localRegion());
  const sqs = new SQSClient(settings);
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const { client } = await tableClient(settings);
  await client.send(new CreateTableCommand(failureTable("failures")));
  await s3.send(new CreateBucketCommand({ Bucket: "archive" }));
  const queues = await makeQueues(sqs, fifo === true, { maxReceiveCount, visibilitySeconds });
  const { orders, wakeUps, dead } = queues;
  const journal = dynamodbJournal(client, "journal");
  const store = dynamodbFailureStore(client, "failures");
  const name = fifo ? "orders.fifo" : "orders";
  const served = [{ name, url: orders, deadLetterQueue: nameOf(dead), maxReceiveCount, visibilitySeconds }];
  const ports: RecoverPorts = {
    journal,
    store,
    quarantine: dynamodbQuarantine(client, "failures"),
    archive: s3Archive(s3, "archive"),
    resend: sqsResend(sqs, served),
    wakeUps: sqsWakeUps(sqs, wakeUps),
    alerts: { send: async () => {} },
    ...(queueLoad && { queueLoad }),
    ...(queueSchema && { schemas: () => queueSchema }),
    log: () => {},
    now: Date.now,
    random: Math.random,
    newId: randomUUID,
  };
  const processed: unknown[] = [];
  const stop = new AbortController();
  const { handle } = options;
  const subject = consumer({
    name: "orders",
    schema: anyBody,
    ...options,
    handle: async (body, context) => {
      await handle?.(body, context);
      processed.push(body);
    },
  });
  const recovery = recoveryHandler({ policy, repairs: [], queues: served, wakeUpQueue: nameOf(wakeUps), ports });
  const work = { queueUrl: orders, client: sqs, signal: stop.signal, drainSeconds: 1 };
  const ended = [
    ...(consumes ? [runWorker(subject, consumePorts(sqs, queues, journal), work)] : []),
    ...[dead, wakeUps].map((queueUrl) => serveQueue({ client: sqs, queueUrl, handler: recovery }, stop.signal)),
  ];
  onTestFinished(async () => {
    stop.abort();
    await Promise.allSettled(ended);
  });
  return {
    ports,
    store,
    processed,
    send: async (MessageBody, attributes) => {
      const message = { MessageBody, MessageAttributes: { ...attributes } };
      const { MessageId = "" } = await sqs.send(new SendMessageCommand({ QueueUrl: orders, ...message }));
      return failureId(name, MessageId);
    },
    receive: async () => {
      await sqs.send(new ReceiveMessageCommand({ QueueUrl: orders, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }));
    },
    put: (failures) => put(failures, store),
  };
}

async function makeQueues(
  sqs: SQSClient,
  fifo: boolean,
  { maxReceiveCount, visibilitySeconds }: Required<Pick<TrialOptions, "maxReceiveCount" | "visibilitySeconds">>,
): Promise<{ readonly orders: string; readonly dead: string; readonly wakeUps: string }> {
  const create = async (name: string, isFifo: boolean, more: Record<string, string> = {}): Promise<string> => {
    const Attributes = { ...(isFifo && { FifoQueue: "true" }), ...more };
    const command = new CreateQueueCommand({ QueueName: isFifo ? `${name}.fifo` : name, Attributes });
    return (await sqs.send(command)).QueueUrl ?? "";
  };
  const dead = await create("dead", fifo, { VisibilityTimeout: "30" });
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${nameOf(dead)}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  const orders = await create("orders", fifo, { VisibilityTimeout: String(visibilitySeconds), RedrivePolicy });
  return { orders, dead, wakeUps: await create("wake-ups", false, { VisibilityTimeout: "120" }) };
}

function consumePorts(
  sqs: SQSClient,
  { orders, dead }: { readonly orders: string; readonly dead: string },
  journal: Journal,
): ConsumePorts {
  const ways = { visibility: sqsVisibility(sqs, orders), deadLetters: sqsDeadLetters(sqs, dead) };
  const effects = transactionalEffects(journal);
  return {
    journal,
    effects,
    groups: groupOrder,
    ...ways,
    log: () => {},
    now: Date.now,
    random: Math.random,
    newToken: randomUUID,
    timeLimit,
  };
}

async function put(failures: readonly FailedMessage[], store: FailureStore): Promise<void> {
  for (let start = 0; start < failures.length; start += 20) {
    const some = failures.slice(start, start + 20).map((after) => ({ before: undefined, after }));
    await store.commit({ failures: some, audit: sampleAudit({ chain: some[0]?.after.queue ?? "" }) });
  }
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf("/") + 1);
}

/** Held messages with these bodies; `changes` say what matters to the test. */
export function heldMessages(
  bodies: readonly unknown[],
  changes: (number: number) => Partial<FailedMessage> = () => ({}),
): readonly FailedMessage[] {
  return bodies.map((value, number) => {
    const body = JSON.stringify(value);
    const capturedAtMs = Date.now() - 3_600_000 + number;
    return sampleFailure({ lineage: `m-${number}`, capturedAtMs, body, bodyBytes: body.length, ...changes(number) });
  });
}
