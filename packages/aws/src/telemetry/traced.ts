import {
  type Attributes,
  context,
  type Link,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { type Consumer, type HandlerContext, lineageOf, REDACTED, redactorOf } from "@reliq/core";
import { ANNOTATIONS } from "../tracing/subsegment.ts";
import { readTraceHeader, xrayTraceId } from "../tracing/trace-header.ts";

/** The values that a message's traces are found by in X-Ray (`reliq trace`). */
const FOUND_BY = ["message_id", "lineage", "receive_count", "sender_trace"];

/**
 * Gives a consumer a span for each attempt, as a child of the producer's: `traceparent` and `tracestate` come as message
 * attributes (OpenTelemetry, "Semantic conventions for messaging spans"). Without them it is a child of the invocation, linked to the trace of SQS's
 * `AWSTraceHeader`. Where no OpenTelemetry SDK is set up (`startTracing`), it does nothing. Values of personal fields are no part of it.
 */
export function traced<T>(consumer: Consumer<T>): Consumer<T> {
  const tracer = trace.getTracer("@reliq/aws");
  const handle: Consumer<T>["handle"] = (body, handlerContext) => {
    const sender = readTraceHeader(handlerContext.traceHeader);
    const links: Link[] = sender ? [{ context: { ...sender, traceFlags: 1 } }] : [];
    const attributes = {
      ...spanAttributes(consumer.name, handlerContext),
      ...(sender && { sender_trace: xrayTraceId(sender.traceId) }),
    };
    const options = { kind: SpanKind.CONSUMER, attributes, links };
    return tracer.startActiveSpan(
      `process ${handlerContext.queue}`,
      options,
      producerContext(handlerContext),
      async (span) => {
        try {
          return await consumer.handle(body, handlerContext);
        } catch (error) {
          if (span.isRecording()) recordFailure(span, error, consumer, body, handlerContext);
          throw error;
        } finally {
          span.end();
        }
      },
    );
  };
  return { ...consumer, handle };
}

/** Without a stack, which its log has: it can be longer than a span may be. */
function recordFailure<T>(
  span: Span,
  error: unknown,
  consumer: Consumer<T>,
  body: T,
  { attributes }: HandlerContext,
): void {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  const text = textOf(body);
  const redact = redactorOf(consumer, { body: text ?? "", attributes });
  span.recordException({ name, message: redact ? (text === undefined ? REDACTED : redact(message)) : message });
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** Undefined for a value that a schema has made of more than JSON. */
function textOf(body: unknown): string | undefined {
  try {
    return JSON.stringify(body) ?? "";
  } catch {
    return undefined;
  }
}

function producerContext({ attributes }: HandlerContext): ReturnType<typeof propagation.extract> {
  return propagation.extract(context.active(), attributes, {
    get: (carrier: HandlerContext["attributes"], name) => carrier[name]?.stringValue,
    keys: Object.keys,
  });
}

function spanAttributes(consumer: string, handlerContext: HandlerContext): Attributes {
  const { queue, messageId, receiveCount } = handlerContext;
  return {
    "messaging.system": "aws_sqs",
    "messaging.operation.type": "process",
    "messaging.destination.name": queue,
    "messaging.message.id": messageId,
    "messaging.consumer.group.name": consumer,
    "reliq.receive_count": receiveCount,
    [ANNOTATIONS]: FOUND_BY,
    message_id: messageId,
    lineage: lineageOf(handlerContext),
    receive_count: receiveCount,
  };
}
