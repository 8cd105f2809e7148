import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { consumer, type HandlerContext, redacted } from "@reliq/core";
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
  return { messageId: "m-1", queue: "orders", attributes: { traceparent }, receiveCount: 2, signal, log: () => {} };
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

test("an attempt is linked to the trace of who sent its message, and found by message, lineage and that trace", async () => {
  exporter.reset();
  const traceHeader = "Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1";
  const envelope = { dataType: "String", stringValue: '{"v":1,"id":"m-0"}' };
  const sent = { ...context(), attributes: { Reliq: envelope }, traceHeader };
  await traced(consumer({ name: "billing", schema: anyBody, handle: () => undefined })).handle({}, sent);
  const [span] = exporter.getFinishedSpans();
  expect(span?.links).toMatchObject([{ context: { traceId, spanId: "b7ad6b7169203331" } }]);
  const sender_trace = "1-0af76519-16cd43dd8448eb211c80319c";
  expect(span?.attributes).toMatchObject({ message_id: "m-1", lineage: "m-0", receive_count: 2, sender_trace });
});

test("values of personal fields are no part of a span, wherever a hostile body and its error have them", async () => {
  exporter.reset();
  const body = {
    user: { email: "jo@example.com", nested: JSON.stringify({ email: "x@y.example" }) },
    dob: "1990-01-31",
  };
  const handle = (): void => {
    throw new Error(`cannot mail jo@example.com: ${JSON.stringify(body)} of x@y.example, born 1990-01-31`);
  };
  const personalFields = redacted(["email", "dob", "who"]);
  const attributes = { who: { dataType: "String", stringValue: "Jo Doe" } };
  const failing = traced(consumer({ name: "billing", schema: anyBody, handle, personalFields }));
  await expect(failing.handle(body, { ...context(), attributes })).rejects.toThrow("jo@example.com");
  const text = JSON.stringify(
    exporter.getFinishedSpans().map(({ name, attributes, events }) => ({ name, attributes, events })),
  );
  expect(text).toContain("[redacted]");
  expect(text).not.toMatch(/jo@example|x@y|1990-01-31|Jo Doe/);
});
