import { join } from "node:path";
import { BundledFunction, Consumer, Journal, Outbox, Recovery } from "@reliq/cdk";
import { Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Configuration } from "../configuration.ts";
import { QUEUES, type QueueKey } from "../domain/queues.ts";
import { NAMESPACE, named } from "../names.ts";
import type { Queues } from "./queues.ts";
import { type Tables, TOLD } from "./tables.ts";
import type { Topics } from "./topics.ts";

interface Parts {
  readonly queues: Queues;
  readonly topics: Topics;
  readonly tables: Tables;
}

interface ServiceProps {
  readonly handler: string;
  readonly tables: readonly Table[];
  readonly environment: Readonly<Record<string, string>>;
  readonly transactional: boolean;
}

const READING_AND_WRITING = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
];

/** Defines the services: each reads its queues, and writes what it did and what follows from that in one transaction. */
export function defineServices(stack: Stack, configuration: Configuration, parts: Parts): Recovery {
  const { queues, tables } = parts;
  const journal = new Journal(stack, "Journal", { tableName: named("journal"), removalPolicy: RemovalPolicy.DESTROY });
  const outboxTables = JSON.stringify(
    Object.fromEntries(Object.entries(tables.outboxes).map(([key, { tableName }]) => [key, tableName])),
  );
  for (const [key, props] of Object.entries(servicesOf(configuration, tables, outboxTables))) {
    defineService(stack, key as QueueKey, { ...parts, journal }, props);
  }
  for (const key of TOLD) {
    new Outbox(stack, `Outbox-${key}`, {
      entry: handler("outbox"),
      functionName: named(`outbox-${key}`),
      table: tables.outboxes[key],
      queue: queues[key],
    });
  }
  defineStreams(stack, parts);
  const recovery = new Recovery(stack, "Recovery", {
    entry: handler("recovery"),
    functionName: named("recovery"),
    tableName: named("failures"),
    journal,
    metricNamespace: NAMESPACE,
    alertEmail: configuration.alarmEmail,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  for (const queue of Object.values(queues)) recovery.attach(queue);
  return recovery;
}

function servicesOf(
  { gatewayUrl, reservationSeconds, sender }: Configuration,
  { orders, payments, stock, reservations, shipments, outboxes }: Tables,
  OUTBOX_TABLES: string,
): Readonly<Record<QueueKey, ServiceProps>> {
  const told = Object.values(outboxes);
  const ofOrders: ServiceProps = {
    handler: "orders",
    tables: [orders, ...told],
    environment: { ORDER_TABLE: orders.tableName, OUTBOX_TABLES },
    transactional: true,
  };
  return {
    orders: ofOrders,
    priority_orders: ofOrders,
    large_orders: ofOrders,
    payments: {
      handler: "payments",
      tables: [payments, outboxes.orders],
      environment: { PAYMENT_TABLE: payments.tableName, GATEWAY_URL: gatewayUrl, OUTBOX_TABLES },
      transactional: true,
    },
    inventory: {
      handler: "inventory",
      tables: [stock, reservations, outboxes.orders],
      environment: {
        STOCK_TABLE: stock.tableName,
        RESERVATION_TABLE: reservations.tableName,
        RESERVATION_SECONDS: String(reservationSeconds),
        OUTBOX_TABLES,
      },
      transactional: true,
    },
    shipping: {
      handler: "shipping",
      tables: [shipments, outboxes.orders],
      environment: { SHIPMENT_TABLE: shipments.tableName, OUTBOX_TABLES },
      transactional: true,
    },
    notifications: { handler: "notifications", tables: [], environment: { SENDER: sender }, transactional: false },
  };
}

function defineService(
  stack: Stack,
  key: QueueKey,
  { queues, journal }: Pick<Parts, "queues"> & { readonly journal: Journal },
  { handler: name, tables, environment, transactional }: ServiceProps,
): void {
  const { function: service } = new Consumer(stack, `Service-${key}`, {
    entry: handler(name),
    functionName: named(key.replaceAll("_", "-")),
    queue: queues[key],
    journal,
    batchSize: QUEUES[key].batchSize,
    environment: { ...environment },
    ...(transactional && { effect: "transactional" }),
  });
  for (const { tableArn } of tables) allow(service, READING_AND_WRITING, tableArn);
  if (key === "notifications") {
    allow(service, ["ses:SendEmail"], stack.formatArn({ service: "ses", resource: "identity", resourceName: "*" }));
    allow(service, ["sns:Publish"], "*");
  }
}

/** What follows tables' streams: topics are told, and expired reservations give their stock back. */
function defineStreams(stack: Stack, { queues, topics, tables }: Parts): void {
  const { function: announce } = new BundledFunction(stack, "Announce", {
    entry: handler("announce"),
    functionName: named("announce"),
    timeout: Duration.seconds(30),
    environment: {
      TOPICS: stack.toJsonString(
        Object.fromEntries(Object.entries(topics).map(([key, { topicArn }]) => [key, topicArn])),
      ),
    },
  });
  for (const topic of Object.values(topics)) topic.grantPublish(announce);
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
}

function handler(name: string): string {
  return join(import.meta.dirname, `../handlers/${name}.ts`);
}

function allow(grantee: IGrantable, actions: string[], arn: string): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
}
