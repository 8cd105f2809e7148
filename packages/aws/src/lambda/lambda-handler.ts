import { type Attempted, type ConsumePorts, type Consumer, consume } from "@reliq/core";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { receivedMessage } from "./received-message.ts";

/** What `lambdaHandler` works with; `portsFromEnvironment` makes it from what the Consumer construct sets. */
export interface LambdaPorts extends ConsumePorts {
  /** How many receives the queue allows before it dead-letters a message. */
  readonly maxReceiveCount?: number;
}

/** How long before Lambda ends the invocation a handler is told to stop, milliseconds: enough to journal and to answer. */
const LAST_MOMENT_MS = 500;

/**
 * Makes a Lambda handler for an SQS event source with partial batch responses: only messages that failed come back.
 * The answer is a full failure only where the invocation itself throws.
 */
export function lambdaHandler<T>(
  consumer: Consumer<T>,
  ports: LambdaPorts,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new Error("the time for this message is over")),
      Math.max(0, context.getRemainingTimeInMillis() - LAST_MOMENT_MS),
    );
    try {
      const attempted = await consume(
        consumer,
        {
          messages: event.Records.map(receivedMessage),
          requestId: context.awsRequestId,
          signal: deadline.signal,
          ...(ports.maxReceiveCount !== undefined && { maxReceiveCount: ports.maxReceiveCount }),
        },
        ports,
      );
      return {
        batchItemFailures: attempted.filter(isFailed).map(({ message }) => ({ itemIdentifier: message.messageId })),
      };
    } finally {
      clearTimeout(timer);
    }
  };
}

function isFailed({ outcome }: Attempted): boolean {
  return outcome.kind === "failed";
}
