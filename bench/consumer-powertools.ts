import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { parse } from "@aws-lambda-powertools/parser";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "./consumer-order.ts";
import { Order, type OrderBody } from "./consumer-order.ts";

/** A consumer as Powertools' documentation puts it together: batch, parser, idempotency by the order's id, a log line and a metric a message. */
export function powertoolsHandler(
  client: DynamoDBClient,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  const processor = new BatchProcessor(EventType.SQS);
  const logger = new Logger({ serviceName: "orders" });
  const metrics = new Metrics({ namespace: "orders", serviceName: "orders" });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: "journal", awsSdkV3Client: client });
  const config = new IdempotencyConfig({ eventKeyJmesPath: "orderId" });
  const handle = makeIdempotent(
    async ({ orderId, cents }: OrderBody) => {
      logger.info("order processed", { orderId, cents });
      metrics.addMetric("processed", MetricUnit.Count, 1);
    },
    { persistenceStore, config },
  );
  const handleRecord = async ({ body }: SQSRecord): Promise<void> => {
    await handle(parse(JSON.parse(body), undefined, Order));
  };
  return async (event, context) => {
    config.registerLambdaContext(context);
    const response = await processPartialResponse(event, handleRecord, processor, { context });
    metrics.publishStoredMetrics();
    return response;
  };
}
