import { context, TraceFlags, trace } from "@opentelemetry/api";
import { writeTraceHeader } from "./trace-header.ts";

/**
 * The X-Ray tracing header of the span that is active here: for a request that carries what several messages ask for, each of which says its own, such as the
 * `TraceHeader` of an entry of PutEvents. Undefined where no trace is sampled.
 */
export function activeTraceHeader(): string | undefined {
  const active = trace.getSpanContext(context.active());
  return active?.traceFlags === TraceFlags.SAMPLED ? writeTraceHeader(active) : undefined;
}
