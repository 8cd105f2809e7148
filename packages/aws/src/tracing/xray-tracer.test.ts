import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { writeTraceHeader } from "./trace-header.ts";
import { xrayTracer } from "./xray-tracer.ts";

const PLACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const XRAY_ID = "1-0af76519-16cd43dd8448eb211c80319c";

interface Sent {
  readonly [field: string]: unknown;
}

function trial(header: string | undefined = writeTraceHeader(PLACE)): {
  readonly tracer: ReturnType<typeof xrayTracer>;
  readonly sent: Sent[];
} {
  const sent: Sent[] = [];
  let now = 1_000;
  const tracer = xrayTracer({
    send: (document) => sent.push(document as Sent),
    now: () => now++,
    header: () => header,
  });
  return { tracer, sent };
}

test("a span is a subsegment of the invocation, with what traces are found by as annotations", () => {
  const { tracer, sent } = trial();
  const attributes = { "aws.xray.annotations": ["lineage"], lineage: "m-1", other: true };
  const span = tracer.startSpan("compute", { attributes });
  expect(sent).toEqual([]);
  span.end();
  span.end();
  expect(sent).toEqual([
    {
      type: "subsegment",
      trace_id: XRAY_ID,
      id: span.spanContext().spanId,
      parent_id: PLACE.spanId,
      name: "compute",
      start_time: 1,
      end_time: 1.001,
      annotations: { lineage: "m-1" },
      metadata: { default: { other: true } },
    },
  ]);
});

test("an attempt on a message is sent as in progress at its start: killed, it is seen to be unfinished", () => {
  const { tracer, sent } = trial();
  const span = tracer.startSpan("process orders", { kind: SpanKind.CONSUMER });
  expect(sent).toMatchObject([{ id: span.spanContext().spanId, in_progress: true }]);
});

test("a failed span says why; a call of AWS says which", () => {
  const { tracer, sent } = trial();
  const attributes = { "rpc.system": "aws-api", "rpc.method": "PutItem", "aws.request_id": "r-1" };
  const span = tracer.startSpan("DynamoDB.PutItem", { kind: SpanKind.CLIENT, attributes });
  span.recordException(new TypeError("x".repeat(5_000)));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  expect(sent).toMatchObject([
    {
      namespace: "aws",
      aws: { operation: "PutItem", request_id: "r-1" },
      fault: true,
      cause: { exceptions: [{ type: "TypeError" }] },
    },
  ]);
  expect(JSON.stringify(sent).length).toBeLessThan(3_000);
});

test("a span within another is its child", () => {
  const { tracer, sent } = trial();
  const outer = tracer.startSpan("outer");
  const inner = tracer.startSpan("inner", {}, trace.setSpan(ROOT_CONTEXT, outer));
  inner.end();
  expect(sent).toMatchObject([{ name: "inner", parent_id: outer.spanContext().spanId, trace_id: XRAY_ID }]);
});

test.each([
  ["nobody passed a trace", ""],
  ["the trace is not sampled", `Root=${XRAY_ID};Parent=${PLACE.spanId};Sampled=0`],
  ["the header is garbage", "Root=1;Parent=2;Sampled=1"],
])("where %s, nothing is sent, and spans within do nothing either", (_, header) => {
  const { tracer, sent } = trial(header);
  const span = tracer.startSpan("process", { kind: SpanKind.CONSUMER });
  expect(span.isRecording()).toBe(false);
  tracer.startSpan("inner", {}, trace.setSpan(ROOT_CONTEXT, span)).end();
  span.end();
  expect(sent).toEqual([]);
});
