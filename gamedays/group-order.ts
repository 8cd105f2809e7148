import { setTimeout as wait } from "node:timers/promises";
import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, sendMessages } from "@reliq/aws";
import { chunks } from "@reliq/core";
import { atMost, exactly, type GameDay, type Measure, type Stage, shown } from "reliq/gameday";
import { FILLED, stepMessages } from "./parts/account-steps.ts";

/** Poison in the middle of message groups whose steps build on each other. */
export const gameDay: GameDay = {
  name: "group-order",
  hypothesis:
    "A poison message holds its own group and no other; once it is repaired the group goes on in sequence, so every account ends as if nothing had failed.",
  fault: "In every third account the second of four steps has a symbol that its consumer refuses.",
  app: "apps/ordered-trading",
  context: { onPoison: "hold-group" },
  charts: [{ title: "Accounts", unit: "accounts", lines: ["filled", "healthy and filled"] }],
  run,
};

const ACCOUNTS = 60;

/** Every so many accounts has poison. */
const SICK_EACH = 3;

/** How long all of it may take, seconds. */
const LONGEST_SECONDS = 120;

/** Keys of one BatchGetItem (DynamoDB API reference). */
const KEYS = 100;

interface Trading {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
  readonly isHealthy: (account: string) => boolean;
  readonly accounts: readonly string[];
}

async function run(stage: Stage): Promise<readonly Measure[]> {
  const { settings, given } = stage;
  const project = given["projectName"] ?? "fifo-processing";
  const queue = `${project}-main-queue.fifo`;
  const sqs = new SQSClient(settings);
  const dynamodb = new DynamoDBClient(settings);
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const began = `account-${Date.now()}`;
  const accounts = Array.from({ length: stage.count(ACCOUNTS, 6) }, (_, index) => `${began}-${index}`);
  const isHealthy = (account: string): boolean => Number(account.split("-").at(-1)) % SICK_EACH !== 0;
  const trading: Trading = { dynamodb, table: `${project}-orders`, accounts, isHealthy };
  stage.watch(async () => {
    const filled = await readFilled(trading);
    return { filled: filled.length, "healthy and filled": filled.filter(isHealthy).length };
  });
  const sentAtMs = Date.now();
  await stage.phase("steps of all accounts", () => sendSteps(sqs, QueueUrl, trading));
  const healthySeconds = await stage.phase("healthy accounts", () =>
    untilFilled(stage, trading, accounts.filter(isHealthy)),
  );
  await stage.phase("sick accounts", () => untilFilled(stage, trading, accounts));
  const seconds = (Date.now() - sentAtMs) / 1_000;
  const filled = await readFilled(trading);
  const totals = await dynamodbFailureStore(dynamodb, `${project}-failures`).totals();
  const { held = 0, resolved = 0 } = totals.find((each) => each.queue === queue)?.states ?? {};
  const sick = accounts.filter((account) => !isHealthy(account)).length;
  return [
    shown("accounts", accounts.length),
    shown("of them with a poison message", sick),
    exactly("accounts that ended as if nothing had failed", filled.length, accounts.length),
    exactly("poison messages that were repaired and processed", resolved, sick),
    exactly("held at the end", held, 0),
    exactly("left in the queue", await readDepth(sqs, QueueUrl), 0),
    atMost("time of the healthy accounts", healthySeconds, LONGEST_SECONDS, "s"),
    atMost("time of all accounts", seconds, LONGEST_SECONDS, "s"),
  ];
}

async function sendSteps(sqs: SQSClient, queueUrl: string, { accounts, isHealthy }: Trading): Promise<void> {
  const messages = stepMessages(accounts, (account) => !isHealthy(account));
  const { failed } = await sendMessages(sqs, queueUrl, messages);
  if (failed.length > 0) throw new Error(`${failed.length} steps were not sent: ${failed[0]?.message}`);
}

/** Waits for accounts to be filled, two minutes at most; seconds. */
async function untilFilled({ signal }: Stage, trading: Trading, wanted: readonly string[]): Promise<number> {
  const began = performance.now();
  const passed = (): number => (performance.now() - began) / 1_000;
  while (passed() < LONGEST_SECONDS) {
    const filled = new Set(await readFilled(trading));
    if (wanted.every((account) => filled.has(account))) return passed();
    await wait(500, undefined, { signal });
  }
  return Number.POSITIVE_INFINITY;
}

/** The accounts whose order is filled, and at the amount that it was amended to. */
async function readFilled({ dynamodb, table, accounts }: Trading): Promise<readonly string[]> {
  const filled: string[] = [];
  for (const ids of chunks(accounts, KEYS)) {
    const Keys = ids.map((orderId) => ({ orderId: { S: orderId } }));
    const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys } } }));
    for (const { orderId, status, filledAmount } of Responses?.[table] ?? []) {
      if (status?.S === FILLED.status && filledAmount?.N === FILLED.filledAmount) filled.push(orderId?.S ?? "");
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
