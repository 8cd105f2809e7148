import { randomBytes } from "node:crypto";
import { type Attributes, type Link, SpanKind } from "@opentelemetry/api";
import { type SegmentPlace, xrayTraceId } from "./trace-header.ts";

/** A span as it is sent: its times are milliseconds since the Unix epoch. */
export interface SpanState {
  readonly place: SegmentPlace;
  readonly parentId: string;
  readonly kind: SpanKind;
  name: string;
  readonly startMs: number;
  /** @default it is not over */
  endMs?: number;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly exceptions: { readonly type: string; readonly message: string }[];
  failed: boolean;
}

/** The attribute that lists which attributes X-Ray finds traces by, as the AWS distribution of OpenTelemetry has it. */
export const ANNOTATIONS = "aws.xray.annotations";

/** The longest text of a value that is sent, characters: a document has 64 kB at most (X-Ray quotas). */
const LONGEST_TEXT = 1_000;

/** A span as a subsegment document (X-Ray developer guide, "Segment documents"). */
export function subsegment({
  place,
  parentId,
  kind,
  name,
  startMs,
  endMs,
  attributes,
  links,
  ...end
}: SpanState): object {
  const { [ANNOTATIONS]: annotated = [], ...rest } = attributes;
  const names = Array.isArray(annotated) ? annotated.map(String) : [];
  const values = Object.entries(rest).map(
    ([key, value]) => [key, typeof value === "string" ? cut(value) : value] as const,
  );
  return {
    type: "subsegment",
    trace_id: xrayTraceId(place.traceId),
    id: place.spanId,
    parent_id: parentId,
    name: name.replace(/[^\p{L}\p{N}\s_.:/%&#=+\\\-@]/gu, "_").slice(0, 200),
    start_time: startMs / 1_000,
    ...(endMs === undefined ? { in_progress: true } : { end_time: endMs / 1_000 }),
    ...(kind === SpanKind.CLIENT && remoteCall(attributes)),
    annotations: Object.fromEntries(values.filter(([key]) => names.includes(key))),
    metadata: { default: Object.fromEntries(values.filter(([key]) => !names.includes(key))) },
    ...(links.length > 0 && { links: links.map(linkOf) }),
    ...(end.failed && { fault: true, cause: { exceptions: end.exceptions.map(exceptionOf) } }),
  };
}

function remoteCall(attributes: Attributes): object {
  if (attributes["rpc.system"] !== "aws-api") return { namespace: "remote" };
  return { namespace: "aws", aws: { operation: attributes["rpc.method"], request_id: attributes["aws.request_id"] } };
}

function linkOf({ context }: Link): object {
  const attributes = { "aws.xray.reserved.reference_type": "parent" };
  return { trace_id: xrayTraceId(context.traceId), id: context.spanId, attributes };
}

function exceptionOf({ type, message }: SpanState["exceptions"][number]): object {
  return { id: randomBytes(8).toString("hex"), type, message: cut(message) };
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}
