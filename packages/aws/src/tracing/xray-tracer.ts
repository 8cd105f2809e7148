import { randomBytes } from "node:crypto";
import {
  type Context,
  context,
  type Exception,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type TimeInput,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { type SpanState, subsegment } from "./subsegment.ts";
import { readTraceHeader, type SegmentPlace } from "./trace-header.ts";

/** What a tracer works with. */
export interface TracerPorts {
  /** Takes a segment document; must not throw. */
  readonly send: (document: object) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** The tracing header of the invocation that runs. */
  readonly header: () => string | undefined;
}

/**
 * A tracer of OpenTelemetry's API that sends each span as a subsegment of the function's own segment, which Lambda makes. A span is a child of
 * the active one, else of the invocation; where that is not sampled, nothing is sent. An attempt on a message is sent at its start too, so that a kill shows.
 */
export function xrayTracer(ports: TracerPorts): Tracer {
  const startSpan: Tracer["startSpan"] = (name, options = {}, within = context.active()) => {
    const parent = parentOf(options, within, ports);
    return parent ? recordingSpan(ports, name, options, parent) : trace.wrapSpanContext(NOT_SAMPLED);
  };
  const startActiveSpan = (name: string, ...rest: readonly unknown[]): unknown => {
    const work = rest.at(-1) as (span: Span) => unknown;
    const [options, within] = rest.slice(0, -1) as [SpanOptions?, Context?];
    const span = startSpan(name, options, within);
    return context.with(trace.setSpan(within ?? context.active(), span), work, undefined, span);
  };
  return { startSpan, startActiveSpan } as Tracer;
}

const NOT_SAMPLED = { traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 0 };

/** OpenTelemetry's flag of a sampled trace (W3C Trace Context). */
const SAMPLED = 1;

function parentOf({ root }: SpanOptions, within: Context, { header }: TracerPorts): SegmentPlace | undefined {
  const active = root ? undefined : trace.getSpanContext(within);
  if (!active) return readTraceHeader(header());
  return active.traceFlags === SAMPLED ? active : undefined;
}

function recordingSpan(ports: TracerPorts, name: string, options: SpanOptions, parent: SegmentPlace): Span {
  const { kind = SpanKind.INTERNAL, attributes = {}, links = [], startTime } = options;
  const place = { traceId: parent.traceId, spanId: randomBytes(8).toString("hex") };
  const state: SpanState = {
    place,
    parentId: parent.spanId,
    kind,
    name,
    startMs: millisOf(startTime) ?? ports.now(),
    attributes: { ...attributes },
    links: [...links],
    exceptions: [],
    failed: false,
  };
  if (kind === SpanKind.CONSUMER) ports.send(subsegment(state));
  return spanOf(state, ports);
}

function spanOf(state: SpanState, ports: TracerPorts): Span {
  const span: Span = {
    spanContext: () => ({ ...state.place, traceFlags: SAMPLED }),
    setAttribute: (key, value) => span.setAttributes({ [key]: value }),
    setAttributes: (attributes) => {
      Object.assign(state.attributes, attributes);
      return span;
    },
    addEvent: () => span,
    addLink: (link) => span.addLinks([link]),
    addLinks: (links) => {
      state.links.push(...links);
      return span;
    },
    setStatus: ({ code }) => {
      state.failed = code === SpanStatusCode.ERROR;
      return span;
    },
    updateName: (name) => {
      state.name = name;
      return span;
    },
    isRecording: () => state.endMs === undefined,
    recordException: (exception) => {
      state.exceptions.push(exceptionOf(exception));
    },
    end: (endTime) => {
      if (state.endMs !== undefined) return;
      state.endMs = millisOf(endTime) ?? ports.now();
      ports.send(subsegment(state));
    },
  };
  return span;
}

function exceptionOf(exception: Exception): { readonly type: string; readonly message: string } {
  if (typeof exception === "string") return { type: "Error", message: exception };
  return { type: String(exception.name ?? exception.code ?? "Error"), message: exception.message ?? "" };
}

function millisOf(time: TimeInput | undefined): number | undefined {
  if (time === undefined || typeof time === "number") return time;
  return time instanceof Date ? time.getTime() : time[0] * 1_000 + time[1] / 1e6;
}
