import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { consumer, type HandlerContext } from "@reliq/core";
import { anyBody } from "@reliq/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { traced } from "./traced.ts";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeAll(() => provider.register());
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
});

const traceId = "0af7651916cd43dd8448eb211c80319c";

function context(): HandlerContext {
  const traceparent = { dataType: "String", stringValue: `00-${traceId}-b7ad6b7169203331-01` };
  const { signal } = new AbortController();
  return { messageId: "m-1", queue: "orders", attributes: { traceparent }, receiveCount: 2, signal };
}

test("an attempt is a span of the producer's trace, active in the handler", async () => {
  let active: string | undefined;
  const handle = (): void => {
    active = trace.getActiveSpan()?.spanContext().traceId;
  };
  await traced(consumer({ name: "billing", schema: anyBody, handle })).handle({}, context());
  const [span] = exporter.getFinishedSpans();
  expect(active).toBe(traceId);
  expect(span?.spanContext().traceId).toBe(traceId);
  expect(span?.parentSpanContext?.spanId).toBe("b7ad6b7169203331");
  expect(span?.attributes).toMatchObject({ "messaging.message.id": "m-1", "reliq.receive_count": 2 });
});

test("a failed attempt is thrown on, and its span says so", async () => {
  exporter.reset();
  const handle = (): void => {
    throw new Error("boom");
  };
  const failing = traced(consumer({ name: "billing", schema: anyBody, handle }));
  await expect(failing.handle({}, context())).rejects.toThrow("boom");
  expect(exporter.getFinishedSpans()[0]?.status.code).toBe(2);
});
