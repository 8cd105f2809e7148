import { join } from "node:path";
import { Consumer, type Journal, Outbox, type ReliableQueue } from "@reliq/cdk";
import { Duration, type Stack, Validations } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Configuration } from "../configuration.ts";
import { LONGEST_BATCH_SECONDS } from "../domain/active-region.ts";
import { QUEUES, type QueueKey, TOLD } from "../domain/queues.ts";
import { named } from "../names.ts";
import { otherRegion } from "./other-region.ts";
import type { Queues } from "./queues.ts";
import type { SharedTable, Tables } from "./tables.ts";

/** What services work with. */
export interface ServiceParts {
  readonly queues: Queues;
  /** The queue of the shop's own tools. */
  readonly tracking: ReliableQueue;
  readonly tables: Tables;
  readonly journal: Journal;
  /** Encrypts the data keys of what is personal. */
  readonly fieldKey: IKey;
}

interface ServiceProps {
  readonly handler: string;
  readonly tables: readonly SharedTable[];
  readonly environment: Readonly<Record<string, string>>;
  readonly transactional: boolean;
  /** @default the consumer's own */
  readonly timeout?: Duration;
  readonly maximumConcurrency?: number | undefined;
}

const READING_AND_WRITING = [
  "dynamodb:BatchGetItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:GetItem",
  "dynamodb:PutItem",
];

/** A takeover waits for so long. */
const LONGEST_BATCH = Duration.seconds(LONGEST_BATCH_SECONDS);

/** The services that open what is personal: nobody else may. */
const OPENING = ["notifications", "payments"] as const;

/** Defines the services: each reads its queues, and writes what it did and what follows from that in one transaction. */
export function defineServices(
  stack: Stack,
  configuration: Configuration,
  parts: ServiceParts,
): Readonly<Record<QueueKey, Consumer>> {
  const { queues, tracking, tables, journal, fieldKey } = parts;
  const isInTwo = otherRegion(configuration) !== undefined;
  const services = Object.entries(servicesOf(configuration, tables, fieldKey.keyArn)).map(([key, props]) => {
    const { maximumConcurrency = QUEUES[key as QueueKey].maximumConcurrency } = configuration;
    const complete = { ...props, maximumConcurrency, ...(isInTwo && { timeout: LONGEST_BATCH }) };
    return [key, defineService(stack, key as QueueKey, parts, complete)] as const;
  });
  for (const key of TOLD) {
    new Outbox(stack, `Outbox-${key}`, {
      entry: handler("outbox"),
      functionName: named(`outbox-${key.replaceAll("_", "-")}`),
      table: tables.outboxes[key],
      queue: queues[key],
    });
  }
  const { function: tracker } = new Consumer(stack, "Service-tracking", {
    entry: handler("tracking"),
    functionName: named("tracking"),
    queue: tracking,
    journal,
    environment: { TRACKING_TABLE: tables.tracking.tableName },
  });
  allow(tracker, ["dynamodb:PutItem"], tables.tracking.tableArn);
  const all = Object.fromEntries(services) as Record<QueueKey, Consumer>;
  allowTelling(stack, all.notifications.function, configuration.sender);
  for (const key of OPENING) fieldKey.grant(all[key].function, "kms:Decrypt");
  return all;
}

function servicesOf(
  { gatewayUrl, carrierUrl, reservationSeconds, sender }: Configuration,
  { orders, payments, stock, reservations, shipments, outboxes }: Tables,
  FIELD_KEY: string,
): Readonly<Record<QueueKey, ServiceProps>> {
  const names = Object.entries(outboxes).map(([key, { tableName }]) => [key, tableName] as const);
  const OUTBOX_TABLES = JSON.stringify(Object.fromEntries(names));
  const toOrders = [outboxes.orders, outboxes.priority_orders];
  const ofOrders: ServiceProps = {
    handler: "orders",
    tables: [orders, ...Object.values(outboxes)],
    environment: { ORDER_TABLE: orders.tableName, OUTBOX_TABLES },
    transactional: true,
  };
  return {
    orders: ofOrders,
    priority_orders: ofOrders,
    large_orders: ofOrders,
    payments: {
      handler: "payments",
      tables: [payments, ...toOrders],
      environment: { PAYMENT_TABLE: payments.tableName, GATEWAY_URL: gatewayUrl, FIELD_KEY, OUTBOX_TABLES },
      transactional: true,
    },
    inventory: {
      handler: "inventory",
      tables: [stock, reservations, ...toOrders],
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
      tables: [shipments, ...toOrders],
      environment: { SHIPMENT_TABLE: shipments.tableName, CARRIER_URL: carrierUrl, OUTBOX_TABLES },
      transactional: true,
    },
    notifications: {
      handler: "notifications",
      tables: [],
      environment: { SENDER: sender, FIELD_KEY },
      transactional: false,
    },
  };
}

function defineService(
  stack: Stack,
  key: QueueKey,
  { queues, journal }: Pick<ServiceParts, "journal" | "queues">,
  { handler: name, tables, environment, transactional, timeout, maximumConcurrency }: ServiceProps,
): Consumer {
  const consumer = new Consumer(stack, `Service-${key}`, {
    entry: handler(name),
    functionName: named(key.replaceAll("_", "-")),
    queue: queues[key],
    journal,
    batchSize: QUEUES[key].batchSize,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    ...(timeout && { timeout }),
    environment: { ...environment },
    ...(transactional && { effect: "transactional" }),
  });
  const { function: service } = consumer;
  for (const { tableArn } of tables) allow(service, READING_AND_WRITING, tableArn);
  return consumer;
}

/** E-mail from the shop's own address, by its identity or that of its domain, and text messages. */
function allowTelling(stack: Stack, service: LambdaFunction, sender: string): void {
  for (const resourceName of [sender, sender.slice(sender.indexOf("@") + 1)]) {
    allow(service, ["ses:SendEmail"], stack.formatArn({ service: "ses", resource: "identity", resourceName }));
  }
  allow(service, ["sns:Publish"], "*");
  acknowledgeAll(service, "Only sns:Publish of text messages, which go to numbers, and those have no ARN.");
}

/** Says why a function's role has a permission that names no resource. */
export function acknowledgeAll({ role }: LambdaFunction, reason: string): void {
  if (role) Validations.of(role).acknowledge({ id: "AwsSolutions-IAM5[Resource::*]", reason });
}

/** The path of a handler of this system. */
export function handler(name: string): string {
  return join(import.meta.dirname, `../handlers/${name}.ts`);
}

/** Allows exactly these actions on one thing. */
export function allow(grantee: IGrantable, actions: string[], arn: string): void {
  Grant.addToPrincipal({ grantee, actions, resourceArns: [arn] });
}
