import { join } from "node:path";
import { Consumer, type Journal, type Recovery } from "@reliq/cdk";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { Configuration } from "../configuration.ts";
import type { Names } from "../names.ts";
import type { OrderQueues } from "./queues.ts";

/** The index of orders by symbol and status. */
const BY_SYMBOL_AND_STATUS = "by-symbol-and-status";

/** Defines the table of orders: encrypted, restorable to any second of the last 35 days, with a stream of every change. */
export function defineOrderTable(scope: Construct, { orderTableConfiguration }: Configuration, names: Names): Table {
  const table = new Table(scope, "OrderTable", {
    tableName: names.orderTable,
    partitionKey: { name: "orderId", type: AttributeType.STRING },
    ...(orderTableConfiguration.billingMode === "PROVISIONED"
      ? { ...orderTableConfiguration, billingMode: BillingMode.PROVISIONED }
      : { billingMode: BillingMode.PAY_PER_REQUEST }),
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  table.addGlobalSecondaryIndex({
    indexName: BY_SYMBOL_AND_STATUS,
    partitionKey: { name: "symbol", type: AttributeType.STRING },
    sortKey: { name: "status", type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  });
  return table;
}

/** What the processor works with. */
export interface ProcessorParts {
  readonly queues: OrderQueues;
  readonly journal: Journal;
  readonly table: Table;
  /** Where there is a poison handler; it knows which groups are held. */
  readonly recovery: Recovery | undefined;
}

/** Defines the function that processes orders; it may read and put orders, and nothing else of the table. */
export function defineProcessor(
  scope: Construct,
  { lambdaConfiguration, onPoison }: Configuration,
  names: Names,
  { queues, journal, table, recovery }: ProcessorParts,
): Consumer {
  const { timeout, memorySize, reservedConcurrency, logRetentionDays } = lambdaConfiguration;
  const processor = new Consumer(scope, "Processor", {
    entry: join(import.meta.dirname, "../handlers/processor.ts"),
    functionName: names.processor,
    tracing: "active",
    queue: queues,
    journal,
    effect: "transactional",
    failFast: queues.deadLetterQueue !== undefined,
    timeout: Duration.seconds(timeout),
    memorySizeMb: memorySize,
    reservedConcurrency,
    // Receiving no more than can run keeps throttles from burning receives; Lambda takes 2 at least.
    maximumConcurrency: Math.max(2, reservedConcurrency),
    logRetention: logRetentionDays,
    environment: { ORDER_TABLE_NAME: table.tableName },
    ...(recovery && onPoison === "hold-group" && { quarantine: recovery }),
  });
  Grant.addToPrincipal({
    grantee: processor.function,
    actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
    resourceArns: [table.tableArn],
  });
  return processor;
}
