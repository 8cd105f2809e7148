import { setTimeout as wait } from "node:timers/promises";
import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, sendMessages } from "@reliq/aws";
import { chunks } from "@reliq/core";
import type { FailureState } from "@reliq/core/recovery";
import type { GameDay, Stage } from "reliq/gameday";
import { FILLED, stepMessages } from "./account-steps.ts";

/** What both game days with poison in message groups do and draw. */
export const POISONED_ACCOUNTS: Pick<GameDay, "app" | "charts" | "fault"> = {
  fault: "In every third account the second of four steps has a symbol that its consumer refuses.",
  app: "apps/ordered-trading",
  charts: [{ title: "Accounts", unit: "accounts", lines: ["filled", "healthy and filled"] }],
};

/** How long accounts are waited for, seconds. */
export const LONGEST_SECONDS = 120;

const ACCOUNTS = 60;

/** Every so many accounts has poison. */
const SICK_EACH = 3;

/** Keys of one BatchGetItem (DynamoDB API reference). */
const KEYS = 100;

/** The accounts that a game day trades for. */
export interface Trading {
  readonly accounts: readonly string[];
  readonly healthy: readonly string[];
  /** Those with a poison message. */
  readonly sick: readonly string[];
  /** Sends the steps of all, account by account. */
  readonly send: () => Promise<void>;
  /** Those whose order is filled, and at the amount that it was amended to. */
  readonly filled: () => Promise<ReadonlySet<string>>;
  /** How many failed messages are in a state. */
  readonly failures: (state: FailureState) => Promise<number>;
  /** Messages in the queue, those in hand among them. */
  readonly depth: () => Promise<number>;
}

/** Finds what is deployed, and draws its accounts from now on. */
export async function startTrading(stage: Stage): Promise<Trading> {
  const { settings, given } = stage;
  const project = given["projectName"] ?? "fifo-processing";
  const queue = `${project}-main-queue.fifo`;
  const sqs = new SQSClient(settings);
  const dynamodb = new DynamoDBClient(settings);
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const began = `account-${Date.now()}`;
  const accounts = Array.from({ length: stage.count(ACCOUNTS, 6) }, (_, index) => `${began}-${index}`);
  const sick = accounts.filter((_, index) => index % SICK_EACH === 0);
  const healthy = accounts.filter((account) => !sick.includes(account));
  const filled = (): Promise<ReadonlySet<string>> => readFilled(dynamodb, `${project}-orders`, accounts);
  stage.watch(async () => {
    const now = await filled();
    return { filled: now.size, "healthy and filled": healthy.filter((account) => now.has(account)).length };
  });
  return {
    accounts,
    healthy,
    sick,
    filled,
    send: async () => {
      const messages = stepMessages(accounts, (account) => sick.includes(account));
      const { failed } = await sendMessages(sqs, QueueUrl, messages);
      if (failed.length > 0) throw new Error(`${failed.length} steps were not sent: ${failed[0]?.message}`);
    },
    failures: async (state) => {
      const totals = await dynamodbFailureStore(dynamodb, `${project}-failures`).totals();
      return totals.find((each) => each.queue === queue)?.states[state] ?? 0;
    },
    depth: () => readDepth(sqs, QueueUrl),
  };
}

/** Waits for something to be so, two minutes at most; seconds, and infinitely many where it never was. */
export async function secondsUntil({ signal }: Stage, isSo: () => Promise<boolean>): Promise<number> {
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 1_000;
  while (passed() < LONGEST_SECONDS) {
    if (await isSo()) return passed();
    await wait(500, undefined, { signal });
  }
  return Number.POSITIVE_INFINITY;
}

async function readFilled(
  dynamodb: DynamoDBClient,
  table: string,
  accounts: readonly string[],
): Promise<ReadonlySet<string>> {
  const filled = new Set<string>();
  for (const ids of chunks(accounts, KEYS)) {
    const Keys = ids.map((orderId) => ({ orderId: { S: orderId } }));
    const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }));
    for (const { orderId, status, filledAmount } of Responses?.[table] ?? []) {
      if (status?.S === FILLED.status && filledAmount?.N === FILLED.filledAmount) filled.add(orderId?.S ?? "");
    }
  }
  return filled;
}

async function readDepth(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] });
  const { Attributes = {} } = await sqs.send(ask);
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}
