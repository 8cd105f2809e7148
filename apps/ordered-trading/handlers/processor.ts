import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { traced } from "@reliq/aws/telemetry";
import { startTracing, tracedClient } from "@reliq/aws/tracing";
import { batchMetrics } from "../domain/batch-metrics.ts";
import { ordersConsumer } from "../domain/orders.ts";
import { dynamodbOrders } from "./dynamodb-orders.ts";
import { need } from "./environment.ts";

startTracing();
const orders = dynamodbOrders(tracedClient(new DynamoDBClient({})), need("ORDER_TABLE_NAME"));
const memoryMb = Number(process.env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] ?? 512);
const how = {
  failFast: "RELIQ_DEAD_LETTER_QUEUE_URL" in process.env,
  onPoison: "RELIQ_QUARANTINE_TABLE" in process.env ? "hold-group" : "skip",
} as const;

/** Processes trading orders in the sequence of their groups. */
export const handler: ReturnType<typeof lambdaHandler> = lambdaHandler(traced(ordersConsumer(orders, how)), {
  ...portsFromEnvironment(),
  metrics: batchMetrics(memoryMb),
});
