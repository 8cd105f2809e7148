import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import { AttributeType, BillingMode, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { TOLD, type ToldQueue } from "../domain/queues.ts";
import { named } from "../names.ts";

/** The tables of the system. */
export interface Tables {
  readonly orders: Table;
  readonly payments: Table;
  readonly stock: Table;
  readonly reservations: Table;
  readonly shipments: Table;
  /** By the queue that they are sent to. */
  readonly outboxes: Readonly<Record<ToldQueue, Table>>;
  /** Each status that an order has had, for the shop's own tools. */
  readonly tracking: Table;
  /** What should be bought, for the desk. */
  readonly restock: Table;
  /** What was in stock lately, and which trends have been told of. */
  readonly trends: Table;
}

/** Defines the tables: what a service writes down and what follows from it are one transaction over them. */
export function defineTables(stack: Stack): Tables {
  const outboxes = TOLD.map((key) => {
    const made = table(stack, `outbox-${key.replaceAll("_", "-")}`, "id", {
      stream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: "expiresAt",
    });
    return [key, made] as const;
  });
  return {
    orders: table(stack, "orders-table", "orderId", { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    payments: table(stack, "payments-table", "orderId", { sortKey: { name: "kind", type: AttributeType.STRING } }),
    stock: table(stack, "stock-table", "productId", { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    reservations: table(stack, "reservations-table", "orderId", {
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: "expiresAt",
    }),
    shipments: table(stack, "shipments-table", "orderId"),
    tracking: table(stack, "tracking-table", "orderId", { sortKey: { name: "status", type: AttributeType.STRING } }),
    restock: table(stack, "restock-table", "productId"),
    trends: table(stack, "trends-table", "subject"),
    outboxes: Object.fromEntries(outboxes) as Tables["outboxes"],
  };
}

function table(
  stack: Stack,
  id: string,
  key: string,
  props: Partial<ConstructorParameters<typeof Table>[2]> = {},
): Table {
  return new Table(stack, id, {
    tableName: named(id.replace(/-table$/, "")),
    partitionKey: { name: key, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
}
