/** Where a span hangs, as X-Ray says it. */
export interface SegmentPlace {
  /** 32 hexadecimal digits, as OpenTelemetry writes it. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

const HEADER = /^Root=1-([\da-f]{8})-([\da-f]{24});Parent=([\da-f]{16});Sampled=1(?:;|$)/;

/** Reads an X-Ray tracing header, as Lambda and SQS write it; undefined where the trace is not sampled. */
export function readTraceHeader(text: string | undefined): SegmentPlace | undefined {
  const [, time, rest, spanId] = HEADER.exec(text ?? "") ?? [];
  return time && rest && spanId ? { traceId: time + rest, spanId } : undefined;
}

/** Writes the header of a sampled trace. */
export function writeTraceHeader({ traceId, spanId }: SegmentPlace): string {
  return `Root=${xrayTraceId(traceId)};Parent=${spanId};Sampled=1`;
}

/** A trace's id as X-Ray writes it. */
export function xrayTraceId(traceId: string): string {
  return `1-${traceId.slice(0, 8)}-${traceId.slice(8)}`;
}
