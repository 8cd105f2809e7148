import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  Billing,
  BillingMode,
  type ITable,
  StreamViewType,
  Table,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import { TOLD, type ToldQueue } from "../domain/queues.ts";
import { named } from "../names.ts";
import type { OtherRegion } from "./other-region.ts";

/** A table of the stack, one with a replica in the other region, or such a replica. */
export type SharedTable = ITable | Table | TableV2;

/** The tables of the system. */
export interface Tables {
  readonly orders: SharedTable;
  readonly payments: SharedTable;
  readonly stock: SharedTable;
  readonly reservations: SharedTable;
  readonly shipments: SharedTable;
  /** By the queue that they are sent to. */
  readonly outboxes: Readonly<Record<ToldQueue, Table>>;
  /** Each status that an order has had, for the shop's own tools: each region hears of all. */
  readonly tracking: Table;
  /** What should be bought, for the desk. */
  readonly restock: Table;
  /** What was in stock lately, and which trends have been told of. */
  readonly trends: Table;
  /** Where there are two regions: each order that was acknowledged, and which region is active. */
  readonly ofBoth?: { readonly intake: SharedTable; readonly regions: SharedTable };
}

/**
 * Defines the tables: what a service writes down and what follows from it are one transaction over them. Where there is another region, what says how orders stand
 * has a replica there; what is to be sent does not, since it is made anew of that.
 */
export function defineTables(stack: Stack, other?: OtherRegion): Tables {
  const shared = (...given: Parameters<typeof table>): SharedTable =>
    other ? replicatedTable(other, ...given) : table(...given);
  const outboxes = TOLD.map((key) => {
    const made = table(stack, `outbox-${key.replaceAll("_", "-")}`, "id", {
      stream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: "expiresAt",
    });
    return [key, made] as const;
  });
  return {
    orders: shared(stack, "orders-table", "orderId", { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    payments: shared(stack, "payments-table", "orderId", { sortKey: { name: "kind", type: AttributeType.STRING } }),
    stock: shared(stack, "stock-table", "productId", { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    reservations: shared(stack, "reservations-table", "orderId", {
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: "expiresAt",
    }),
    shipments: shared(stack, "shipments-table", "orderId"),
    tracking: table(stack, "tracking-table", "orderId", { sortKey: { name: "status", type: AttributeType.STRING } }),
    restock: table(stack, "restock-table", "productId"),
    trends: table(stack, "trends-table", "subject"),
    outboxes: Object.fromEntries(outboxes) as Tables["outboxes"],
    ...(other && {
      ofBoth: {
        intake: shared(stack, "intake-table", "orderId", { timeToLiveAttribute: "expiresAt" }),
        regions: shared(stack, "regions-table", "id"),
      },
    }),
  };
}

interface TableProps {
  readonly sortKey?: Attribute;
  readonly stream?: StreamViewType;
  readonly timeToLiveAttribute?: string;
}

function table(stack: Stack, id: string, key: string, props: TableProps = {}): Table {
  return new Table(stack, id, {
    tableName: nameOf(id),
    partitionKey: { name: key, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
}

/** A table with a replica in the other region, which the first region's stack makes. */
function replicatedTable(
  other: OtherRegion,
  stack: Stack,
  id: string,
  key: string,
  props: TableProps = {},
): SharedTable {
  const { stream: _, ...rest } = props;
  const tableName = nameOf(id);
  if (other.replicated) {
    const streams: Readonly<Record<string, string>> = other.replicated.streams;
    const tableStreamArn = streams[id.replace(/-table$/, "")];
    return Table.fromTableAttributes(stack, id, { tableName, ...(tableStreamArn !== undefined && { tableStreamArn }) });
  }
  const pointInTimeRecoverySpecification = { pointInTimeRecoveryEnabled: true };
  return new TableV2(stack, id, {
    tableName,
    partitionKey: { name: key, type: AttributeType.STRING },
    billing: Billing.onDemand(),
    dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
    replicas: [{ region: other.name, pointInTimeRecoverySpecification }],
    pointInTimeRecoverySpecification,
    removalPolicy: RemovalPolicy.DESTROY,
    ...rest,
  });
}

function nameOf(id: string): string {
  return named(id.replace(/-table$/, ""));
}
