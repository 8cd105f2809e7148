import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Consumer, HandlerContext } from "@reliq/core";

/**
 * Gives a consumer a span for each attempt, as a child of the producer's: `traceparent` and `tracestate` come as message
 * attributes (OpenTelemetry, "Semantic conventions for messaging spans"). Where no OpenTelemetry SDK is set up, it does nothing.
 */
export function traced<T>(consumer: Consumer<T>): Consumer<T> {
  const tracer = trace.getTracer("@reliq/aws");
  const handle: Consumer<T>["handle"] = (body, handlerContext) =>
    tracer.startActiveSpan(
      `process ${handlerContext.queue}`,
      { kind: SpanKind.CONSUMER, attributes: spanAttributes(consumer.name, handlerContext) },
      producerContext(handlerContext),
      async (span) => {
        try {
          return await consumer.handle(body, handlerContext);
        } catch (error) {
          span.recordException(error instanceof Error ? error : String(error));
          span.setStatus({ code: SpanStatusCode.ERROR });
          throw error;
        } finally {
          span.end();
        }
      },
    );
  return { ...consumer, handle };
}

function producerContext({ attributes }: HandlerContext): ReturnType<typeof propagation.extract> {
  return propagation.extract(context.active(), attributes, {
    get: (carrier: HandlerContext["attributes"], name) => carrier[name]?.stringValue,
    keys: Object.keys,
  });
}

function spanAttributes(
  consumer: string,
  { queue, messageId, receiveCount }: HandlerContext,
): Record<string, string | number> {
  return {
    "messaging.system": "aws_sqs",
    "messaging.operation.type": "process",
    "messaging.destination.name": queue,
    "messaging.message.id": messageId,
    "messaging.consumer.group.name": consumer,
    "reliq.receive_count": receiveCount,
  };
}
