import { BundledFunction } from "@reliq/cdk";
import { Duration, type Stack } from "aws-cdk-lib";
import type { ITable } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { named } from "../names.ts";
import type { Queues } from "./queues.ts";
import { acknowledgeAll, allow, handler } from "./services.ts";
import type { Tables } from "./tables.ts";
import type { Topics } from "./topics.ts";

interface StreamParts {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly tables: Tables;
}

/** Defines what follows tables' streams: topics are told, and expired reservations give their stock back. Gives the functions that do it. */
export function defineStreams(stack: Stack, { queues, topics, tables }: StreamParts): readonly LambdaFunction[] {
  const told = [topics.order_status, topics.payment_notifications, topics.inventory_alerts];
  const { function: announce } = new BundledFunction(stack, "Announce", {
    entry: handler("announce"),
    functionName: named("announce"),
    timeout: Duration.seconds(30),
    environment: {
      TOPICS: stack.toJsonString(
        Object.fromEntries(Object.entries(topics).map(([key, { topic }]) => [key, topic.topicArn])),
      ),
    },
  });
  for (const { topic } of told) topic.grantPublish(announce);
  const { function: expired } = new BundledFunction(stack, "Expired", {
    entry: handler("expired"),
    functionName: named("expired"),
    timeout: Duration.seconds(30),
    environment: { INVENTORY_QUEUE_URL: queues.inventory.queue.queueUrl },
  });
  queues.inventory.grantSend(expired);
  const source = { startingPosition: StartingPosition.TRIM_HORIZON, batchSize: 100, bisectBatchOnError: true } as const;
  for (const table of [tables.orders, tables.stock]) {
    announce.addEventSource(new DynamoEventSource(table as ITable, { ...source, reportBatchItemFailures: true }));
  }
  expired.addEventSource(new DynamoEventSource(tables.reservations as ITable, source));
  for (const reader of [announce, expired]) {
    acknowledgeAll(reader, "Only dynamodb:ListStreams, which the CDK's own event source asks for.");
  }
  return [announce, expired];
}

/** Defines the function that writes down what should be bought. */
export function defineRestock(stack: Stack, { restock }: Tables): LambdaFunction {
  const { function: function_ } = new BundledFunction(stack, "Restock", {
    entry: handler("restock"),
    functionName: named("restock"),
    environment: { RESTOCK_TABLE: restock.tableName },
  });
  allow(function_, ["dynamodb:PutItem"], restock.tableArn);
  return function_;
}
