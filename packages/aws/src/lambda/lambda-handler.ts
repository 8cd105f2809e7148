import { type ConsumePorts, type Consumer, consume, isOver, type ReceivedMessage, ReliqError } from "@reliq/core";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { Metrics } from "../telemetry/metrics.ts";
import { receivedMessage } from "./received-message.ts";

/** What `lambdaHandler` works with; `portsFromEnvironment` makes it from what the Consumer construct sets. */
export interface LambdaPorts extends ConsumePorts {
  /** How many receives the queue allows before it dead-letters a message. */
  readonly maxReceiveCount?: number;
  /** Takes note of each batch. @default none */
  readonly metrics?: Metrics;
}

/** How long before Lambda ends the invocation handlers are told to stop, milliseconds: enough to journal why. At most a quarter of the time. */
const LAST_MOMENT_MS = 1_000;

/** How long before that end the answer is given, whatever the ports do, milliseconds: saying what became of a batch takes a new process with half a core some 100. At most a tenth of the time. */
const ANSWER_MS = 300;

/** How much longer than the invocation its claims are held, milliseconds: as much as the clocks of two hosts may differ. */
const CLOCKS_MS = 1_000;

/**
 * Makes a Lambda handler for an SQS event source with partial batch responses: only messages that are not over come back,
 * and on FIFO those behind them in their groups. The answer is a full failure only where the invocation itself throws.
 * @throws ReliqError, by the function that it makes: `not-an-sqs-event` for what another source sent, and what `consume` throws
 * where the ports lack what the consumer asks for.
 */
export function lambdaHandler<T>(
  consumer: Consumer<T>,
  ports: LambdaPorts,
): (event: SQSEvent, context: Context) => Promise<SQSBatchResponse> {
  return async (event, context) => {
    const remainingMs = context.getRemainingTimeInMillis();
    const startedAtMs = ports.now();
    const time = invocationTime(remainingMs);
    try {
      const attempted = await consume(
        consumer,
        {
          messages: receivedMessages(event),
          requestId: context.awsRequestId,
          logGroup: context.logGroupName,
          logStream: context.logStreamName,
          leaseUntilMs: startedAtMs + remainingMs + CLOCKS_MS,
          signal: time.handling,
          deadline: time.answering,
          maxReceiveCount: ports.maxReceiveCount,
        },
        ports,
      );
      const endedAtMs = ports.now();
      ports.metrics?.({ consumer: consumer.name, attempted, durationMs: endedAtMs - startedAtMs, endedAtMs });
      const left = attempted.filter(({ outcome }) => !isOver(outcome));
      return { batchItemFailures: left.map(({ message }) => ({ itemIdentifier: message.messageId })) };
    } finally {
      time.end();
    }
  };
}

/** @throws ReliqError `not-an-sqs-event` for what another source sent, or a person's own test event. */
function receivedMessages(event: SQSEvent): ReceivedMessage[] {
  const records: unknown = (event as Partial<SQSEvent> | null)?.Records;
  if (Array.isArray(records) && event.Records.every((record) => record?.eventSource === "aws:sqs")) {
    return event.Records.map(receivedMessage);
  }
  throw new ReliqError(
    "not-an-sqs-event",
    "The event has no `Records` from `aws:sqs`: send a message to the function's queue instead.",
  );
}

interface InvocationTime {
  /** Aborted when handlers are told to stop. */
  readonly handling: AbortSignal;
  /** Aborted when the answer is due. */
  readonly answering: AbortSignal;
  readonly end: () => void;
}

/** One timer for both ends, of which the second comes only after the first. `AbortSignal.timeout` would not keep the process alive until the answer. */
function invocationTime(remainingMs: number): InvocationTime {
  const handling = new AbortController();
  const answering = new AbortController();
  const answerMs = remainingMs - Math.min(ANSWER_MS, remainingMs / 10);
  const handleMs = remainingMs - Math.min(LAST_MOMENT_MS, remainingMs / 4);
  let timer = setTimeout(() => {
    timer = setTimeout(() => answering.abort(outOfTime()), answerMs - handleMs);
    handling.abort(outOfTime());
  }, handleMs);
  return { handling: handling.signal, answering: answering.signal, end: () => clearTimeout(timer) };
}

/** By its name, what it makes a handler throw is known for a timeout. */
function outOfTime(): DOMException {
  return new DOMException("The time for this message is over.", "TimeoutError");
}
