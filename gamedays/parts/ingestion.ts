import { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdated,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { dynamodbFailureStore } from "@reliq/aws";
import { chunks } from "@reliq/core";
import type { FailureStore } from "@reliq/core/recovery";
import { CannotPlay, type Stage } from "reliq/gameday";
import type { Request } from "./load.ts";

/** The folder of the app. */
export const APP = "apps/event-ingestion";

/** A worker that is given up early, so that what it had is back within a minute, and of which there are two at most. */
export const TIGHT_CONTEXT = {
  workerTimeoutSeconds: "5",
  queueVisibilitySeconds: "35",
  reservedConcurrency: "2",
} as const;

/** The deployed system of apps/event-ingestion. */
export interface Ingestion {
  readonly queue: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly lambda: LambdaClient;
  readonly failures: FailureStore;
  readonly name: (rest: string) => string;
  /** Posts an event; an answer that does not come in 30 seconds is none. */
  readonly post: (event: { readonly orderId: string; readonly amount: number }) => Promise<Request>;
  readonly setMode: (mode: string) => Promise<void>;
  /** When events had their effect, milliseconds, by order; of those that had it. */
  readonly effects: (orderIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** Messages in the queue: waiting, in flight and delayed. */
  readonly depth: () => Promise<number>;
  /** Messages in its dead-letter queue, the same. */
  readonly deadLetters: () => Promise<number>;
  /** Failed messages that recovery holds, of the queue. */
  readonly held: () => Promise<number>;
  /** Sets variables of a function's environment, as a deployment would; a variable without a text goes. */
  readonly setVariables: (name: string, variables: Readonly<Record<string, string | undefined>>) => Promise<void>;
  readonly variables: (name: string) => Promise<Readonly<Record<string, string>>>;
}

/** How long an answer is waited for, milliseconds: API Gateway gives one within 30 seconds (its quotas). */
const LONGEST_ANSWER_MS = 30_000;

/** Keys of one BatchGetItem (DynamoDB API reference). */
const KEYS = 100;

/** Reaches the system on a stage: `--set envName=staging` names another environment, `--set api=https://…` the API where it is on AWS. */
export async function reachIngestion(stage: Stage): Promise<Ingestion> {
  const { settings, given } = stage;
  const sqs = new SQSClient(settings);
  const dynamodb = new DynamoDBClient(settings);
  const lambda = new LambdaClient(settings);
  const ssm = new SSMClient(settings);
  const name = (rest: string): string => `ingestion-${given["envName"] ?? "dev"}-${rest}`;
  const api = given["api"] ?? localApi(stage, name("api"));
  const queue = name("events");
  const { QueueUrl: queueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const deadLetterQueueUrl = `${queueUrl}-dlq`;
  const failures = dynamodbFailureStore(dynamodb, name("failures"));
  return {
    queue,
    queueUrl,
    deadLetterQueueUrl,
    sqs,
    dynamodb,
    lambda,
    failures,
    name,
    post: (event) => post(api, event),
    setMode: async (Value) => {
      const Name = given["failureModeParameter"] ?? "/ingestion/failure_mode";
      await ssm.send(new PutParameterCommand({ Name, Value, Overwrite: true }));
    },
    effects: (orderIds) => readEffects(dynamodb, name("orders"), orderIds),
    depth: () => readDepth(sqs, queueUrl),
    deadLetters: () => readDepth(sqs, deadLetterQueueUrl),
    held: async () => (await failures.totals()).find((each) => each.queue === queue)?.states.held ?? 0,
    setVariables: (rest, variables) => setVariables(lambda, name(rest), variables),
    variables: (rest) => readVariables(lambda, name(rest)),
  };
}

function localApi({ settings }: Stage, name: string): string {
  if (settings.endpoint !== undefined) return `${settings.endpoint}/_api/${name}`;
  throw new CannotPlay("Where the API is on AWS is not known: say it with --set api=https://….");
}

async function post(api: string, event: { readonly orderId: string }): Promise<Request> {
  const sentAtMs = Date.now();
  const began = performance.now();
  const status = await fetch(`${api}/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  }).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    },
    () => 0,
  );
  return { orderId: event.orderId, sentAtMs, status, latencyMs: performance.now() - began };
}

async function readEffects(
  dynamodb: DynamoDBClient,
  table: string,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const effects = new Map<string, number>();
  for (const ids of chunks([...new Set(orderIds)], KEYS)) {
    let Keys = ids.map((orderId) => ({ orderId: { S: orderId } }));
    while (Keys.length > 0) {
      const get = new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } });
      const { Responses, UnprocessedKeys } = await dynamodb.send(get);
      for (const { orderId, processedAt } of Responses?.[table] ?? []) {
        effects.set(orderId?.S ?? "", Date.parse(processedAt?.S ?? ""));
      }
      Keys = (UnprocessedKeys?.[table]?.Keys ?? []) as typeof Keys;
    }
  }
  return effects;
}

async function readDepth(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed } =
    Attributes;
  return [ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed]
    .map(Number)
    .reduce((sum, count) => sum + count, 0);
}

async function readVariables(lambda: LambdaClient, FunctionName: string): Promise<Readonly<Record<string, string>>> {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  return Environment?.Variables ?? {};
}

async function setVariables(
  lambda: LambdaClient,
  FunctionName: string,
  changed: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const all = Object.entries({ ...(await readVariables(lambda, FunctionName)), ...changed });
  const Variables = Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  await waitUntilFunctionUpdated({ client: lambda, maxWaitTime: 120 }, { FunctionName });
}
