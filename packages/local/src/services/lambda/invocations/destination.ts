import type { Members, World } from "../../../kernel/service.ts";
import type { Outcome } from "../../../runtime/outcome.ts";
import { functionArn } from "../functions/function-record.ts";
import type { ExhaustedCondition, QueuedEvent } from "./event-retry.ts";

/** The record that Lambda sends to a destination (developer guide, asynchronous invocation destinations). */
export function destinationRecord(
  world: World,
  event: QueuedEvent,
  condition: ExhaustedCondition | "Success",
  outcome: Outcome | undefined,
): Members {
  const response = outcome && {
    responseContext: {
      statusCode: 200,
      executedVersion: "$LATEST",
      ...(outcome.kind !== "success" && { functionError: "Unhandled" }),
    },
    responsePayload: outcome.kind === "success" ? JSON.parse(outcome.payload) : outcome.error,
  };
  return {
    version: "1.0",
    timestamp: new Date(world.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${functionArn(world, event.functionName)}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload),
    ...response,
  };
}

/** What Lambda tells about an event in a dead-letter queue (developer guide, dead-letter queues). */
export function deadLetterAttributes(event: QueuedEvent, outcome: Outcome | undefined): Members {
  const message = outcome && outcome.kind !== "success" ? outcome.error.errorMessage : "Rate Exceeded.";
  return {
    RequestID: { DataType: "String", StringValue: event.requestId },
    ErrorCode: { DataType: "Number", StringValue: outcome ? "200" : "429" },
    ErrorMessage: { DataType: "String", StringValue: message.slice(0, 1_024) || "-" },
  };
}

/** Sends to the queue or the topic that an ARN names; one that is not there costs the record, as on AWS, and is reported. */
export async function sendRecord(world: World, arn: string, body: string, attributes?: Members): Promise<void> {
  try {
    const more = attributes && { MessageAttributes: attributes };
    if (arn.split(":")[2] === "sns") {
      await world.call("sns", "Publish", { TopicArn: arn, Message: body, ...more });
      return;
    }
    const { QueueUrl } = await world.call("sqs", "GetQueueUrl", { QueueName: arn.split(":").at(-1) });
    await world.call("sqs", "SendMessage", { QueueUrl, MessageBody: body, ...more });
  } catch (error) {
    world.report(`A record of a failed invocation could not be sent to ${arn}: ${String(error)}`);
  }
}
