import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SSMClient } from "@aws-sdk/client-ssm";
import { CLIENT_SETTINGS, dynamodbBreakers, lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { downstream } from "@reliq/aws/downstream";
import { emfMetrics, traced } from "@reliq/aws/telemetry";
import { startTracing, tracedClient } from "@reliq/aws/tracing";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { eventSchemaUpTo } from "../domain/event-versions.ts";
import { failureNotices } from "../domain/events.ts";
import { eventsConsumer } from "../domain/processor.ts";
import { NAMESPACE } from "../names.ts";
import { dynamodbOrders } from "./dynamodb-orders.ts";
import { need } from "./environment.ts";
import { eventbridgeNotices } from "./eventbridge-notices.ts";
import { httpFulfilment } from "./fulfilment.ts";
import { ssmFailureMode } from "./ssm-failure-mode.ts";

startTracing();
const ports = portsFromEnvironment();
const dynamodb = tracedClient(new DynamoDBClient(CLIENT_SETTINGS));
const sharedBy = dynamodbBreakers(dynamodb, process.env["RELIQ_JOURNAL_TABLE"] ?? "");

// Somebody else's service: it may be slow, and all workers learn of its trouble together.
const fulfilment = downstream("fulfilment", {
  timeoutSeconds: 5,
  breaker: { consecutiveFailures: 5, openSeconds: 30, sharedBy },
  bulkhead: { concurrent: 10 },
});
// AWS's own: it answers at once or not at all, and a publication may happen twice.
const notifications = downstream("notifications", {
  timeoutSeconds: 3,
  retry: { retries: 2 },
  breaker: { consecutiveFailures: 10, openSeconds: 10 },
});

const notices = eventbridgeNotices(
  tracedClient(new EventBridgeClient(CLIENT_SETTINGS)),
  need("EVENT_BUS_NAME"),
  notifications,
);
const events = eventsConsumer(
  {
    effect: dynamodbOrders(dynamodb, need("ORDER_TABLE")),
    fulfil: httpFulfilment(fulfilment, process.env["FULFILMENT_URL"]),
    notices,
    mode: ssmFailureMode(new SSMClient({}), need("FAILURE_MODE_PARAMETER"), ports.log),
    random: ports.random,
    log: ports.log,
  },
  Number(need("TTL_SECONDS")),
  eventSchemaUpTo(process.env["EVENT_SCHEMA_VERSION"]),
);
const counts = emfMetrics({ namespace: NAMESPACE });

/** Processes events, and tells of what failed. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  let telling: Promise<void> = Promise.resolve();
  const work = lambdaHandler(traced(events), {
    ...ports,
    metrics: (batch) => {
      counts(batch);
      telling = notices.tell(failureNotices(batch.attempted));
    },
  });
  const answered = await work(event, context);
  // The journal has the reason: that nobody could be told is no reason to fail the batch.
  await telling.catch((error: unknown) => ports.log({ level: "warn", event: "notice-failed", error: String(error) }));
  return answered;
}
