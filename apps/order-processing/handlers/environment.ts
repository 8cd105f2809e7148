import { ownVariables } from "@reliq/aws";

type Variable =
  | "CARRIER_URL"
  | "FIELD_KEY"
  | "GATEWAY_URL"
  | "HEALTH_TOPIC"
  | "INVENTORY_QUEUE_URL"
  | "LARGE_ORDERS_QUEUE_URL"
  | "ORDERS_QUEUE_URL"
  | "ORDER_TABLE"
  | "OUTBOX_TABLES"
  | "PAYMENT_TABLE"
  | "PRIORITY_ORDERS_QUEUE_URL"
  | "RELIQ_JOURNAL_TABLE"
  | "RESERVATION_SECONDS"
  | "RESERVATION_TABLE"
  | "RESTOCK_TABLE"
  | "SENDER"
  | "SHIPMENT_TABLE"
  | "STOCK_TABLE"
  | "TOPICS"
  | "TRACKING_TABLE"
  | "TREND_TABLE";

/** Gives a variable that the stack sets. @throws ReliqError `environment` that names it. */
export const need: (name: Variable) => string = ownVariables("The stack of order-processing");
