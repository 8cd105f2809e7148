import { join } from "node:path";
import { BundledFunction, Consumer, grantKey, Recovery } from "@reliq/cdk";
import { CfnOutput, Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Configuration } from "../configuration.ts";
import { NAMESPACE, type Names } from "../names.ts";
import { isolate } from "./network.ts";
import type { QueueParts } from "./queue.ts";

/** The three functions, and what recovers. */
export interface FunctionParts {
  readonly ingest: LambdaFunction;
  readonly worker: LambdaFunction;
  readonly redrive: LambdaFunction;
  readonly recovery: Recovery;
}

const DAY_SECONDS = 86_400;

/** Defines the three functions, each with a role that may do only what it does. */
export function defineFunctions(
  stack: Stack,
  configuration: Configuration,
  names: Names,
  parts: QueueParts,
): FunctionParts {
  const recovery = defineRedrive(stack, configuration, names, parts);
  const ingest = defineIngest(stack, configuration, names, parts);
  const worker = defineWorker(stack, configuration, names, parts);
  const all = [ingest, worker, recovery.function];
  const { key } = parts;
  if (key) for (const each of all) grantKey(key, each);
  if (configuration.vpcEndpoints) isolate(stack, all);
  new CfnOutput(stack, "FailedTable", {
    value: recovery.table.tableName,
    description: "Name of the table of failures.",
  });
  return { ingest, worker, redrive: recovery.function, recovery };
}

function entry(name: string): string {
  return join(import.meta.dirname, `../handlers/${name}.ts`);
}

function defineIngest(
  stack: Stack,
  { ttlDays }: Configuration,
  names: Names,
  { queue, answers, failureMode }: QueueParts,
): LambdaFunction {
  const { function: ingest } = new BundledFunction(stack, "Ingest", {
    entry: entry("ingest"),
    functionName: names.ingest,
    tracing: "active",
    timeout: Duration.seconds(10),
    memorySizeMb: 1_024,
    environment: {
      QUEUE_URL: queue.queue.queueUrl,
      ANSWER_TABLE: answers.tableName,
      FAILURE_MODE_PARAMETER: failureMode.parameterName,
      TTL_SECONDS: String(ttlDays * DAY_SECONDS),
    },
  });
  queue.grantSend(ingest);
  allow(ingest, ["dynamodb:PutItem", "dynamodb:UpdateItem"], answers.tableArn);
  allow(ingest, ["ssm:GetParameter"], failureMode.parameterArn);
  return ingest;
}

function defineWorker(
  stack: Stack,
  configuration: Configuration,
  names: Names,
  { queue, journal, orders, bus, failureMode }: QueueParts,
): LambdaFunction {
  const { batchSize, batchingWindowSeconds, workerTimeoutSeconds, reservedConcurrency, ttlDays, fulfilmentUrl } =
    configuration;
  const { function: worker } = new Consumer(stack, "Worker", {
    entry: entry("worker"),
    functionName: names.worker,
    tracing: "active",
    queue,
    journal,
    failFast: true,
    batchSize,
    timeout: Duration.seconds(workerTimeoutSeconds),
    ...(batchingWindowSeconds > 0 && { maxBatchingWindow: Duration.seconds(batchingWindowSeconds) }),
    // Receiving no more than can run keeps throttles from burning receives; Lambda takes 2 at least.
    ...(reservedConcurrency !== undefined && {
      reservedConcurrency,
      maximumConcurrency: Math.max(2, reservedConcurrency),
    }),
    environment: {
      ORDER_TABLE: orders.tableName,
      EVENT_BUS_NAME: bus.eventBusName,
      FAILURE_MODE_PARAMETER: failureMode.parameterName,
      TTL_SECONDS: String(ttlDays * DAY_SECONDS),
      ...(fulfilmentUrl !== undefined && { FULFILMENT_URL: fulfilmentUrl }),
    },
  });
  allow(worker, ["dynamodb:PartiQLInsert"], orders.tableArn);
  allow(worker, ["events:PutEvents"], bus.eventBusArn);
  allow(worker, ["ssm:GetParameter"], failureMode.parameterArn);
  return worker;
}

/** The function that holds what died is the one that redrives it: both work on the same failures. */
function defineRedrive(
  stack: Stack,
  { alarmEmail }: Configuration,
  names: Names,
  { queue, journal, key }: QueueParts,
): Recovery {
  const recovery = new Recovery(stack, "Redrive", {
    entry: entry("redrive"),
    functionName: names.redrive,
    tracing: "active",
    tableName: names.failureTable,
    journal,
    metricNamespace: NAMESPACE,
    alertEmail: alarmEmail,
    memorySizeMb: 1_024,
    // One message that is held is one too many.
    heldAlarmAbove: 0,
    environment: { QUEUE_NAME: queue.queue.queueName },
    dashboard: false,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(key && { encryptionKey: key }),
  });
  recovery.attach(queue);
  return recovery;
}

function allow(grantee: IGrantable, actions: string[], arn: string): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
}
