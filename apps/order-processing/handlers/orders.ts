import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CLIENT_SETTINGS, lambdaHandler } from "@reliq/aws";
import { ordersConsumer } from "../domain/services.ts";
import { dynamodbOrders } from "./dynamodb-orders.ts";
import { need } from "./environment.ts";
import { servicePorts } from "./service-ports.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";
import { refuseBatch, whileActive } from "./while-active.ts";

const store = dynamodbOrders(
  new DynamoDBClient(CLIENT_SETTINGS),
  need("ORDER_TABLE"),
  tellByOutbox(need("OUTBOX_TABLES")),
);

/** New orders of one of their three queues, and what became of orders. */
export const handler: ReturnType<typeof lambdaHandler> = whileActive(
  lambdaHandler(ordersConsumer(store), servicePorts()),
  refuseBatch,
);
