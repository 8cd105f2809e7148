import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { emfMetrics } from "@reliq/aws/telemetry";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { batchSummary } from "../domain/batch-summary.ts";
import { storeEventsConsumer } from "../domain/store-events.ts";

const processBatch = lambdaHandler(storeEventsConsumer(console.error), {
  ...portsFromEnvironment(),
  metrics: emfMetrics({ namespace: "StoreEvents" }),
});

/** Processes a batch of store events; only those that failed come back to the queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const response = await processBatch(event, context);
  console.log(JSON.stringify(batchSummary(event.Records.length, response.batchItemFailures.length)));
  return response;
}
