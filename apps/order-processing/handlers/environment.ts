import { ownVariables } from "@reliq/aws";

type Variable =
  | "AWS_REGION"
  | "CARRIER_URL"
  | "FIELD_KEY"
  | "FIRST_REGION"
  | "GATEWAY_URL"
  | "HEALTH_TOPIC"
  | "INTAKE_TABLE"
  | "INVENTORY_QUEUE_URL"
  | "LARGE_ORDERS_QUEUE_URL"
  | "ORDERS_QUEUE_URL"
  | "ORDER_TABLE"
  | "OTHER_REGION"
  | "OUTBOX_TABLES"
  | "PAYMENT_TABLE"
  | "PRIORITY_ORDERS_QUEUE_URL"
  | "QUEUE_URLS"
  | "REGIONS_TABLE"
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
