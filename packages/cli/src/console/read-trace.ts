import type { ShownSpan, ShownTrace } from "@reliq/console";
import { readFailureId, type Span } from "@reliq/core/recovery";
import { traceInRegion, treeOf } from "../tracing/find-trace.ts";
import { traceRows } from "../tracing/trace-rows.ts";

/** The longest time that is searched, milliseconds: each six hours of it are a request for each id that the message has had. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** How much earlier than the message its producer may have begun, milliseconds. */
const BEFORE_MS = 60_000;

/** The way of a failed message, as `reliq trace` draws it: of `failure`, accepted at `sentAtMs`. */
export async function readTrace(endpoint: string, query: URLSearchParams): Promise<ShownTrace> {
  const { queue, lineage } = readFailureId(query.get("failure") ?? "");
  const agoMs = Date.now() - Number(query.get("sentAtMs") ?? 0) + BEFORE_MS;
  const since = Math.min(LONGEST_MS, Math.max(BEFORE_MS, agoMs)) / 1_000;
  const found = await traceInRegion(lineage, { endpoint, since, queue });
  const rows = traceRows(treeOf(found));
  return {
    nowMs: found.nowMs,
    messageIds: [...(found.gathered.messageIds ?? [])],
    traces: new Set(rows.map(({ span }) => span.traceId).filter((id) => id !== "")).size,
    spans: rows.map(({ depth, name, span }) => shownSpan(depth, name, span)),
    more: found.gathered.more,
  };
}

function shownSpan(depth: number, name: string, span: Span): ShownSpan {
  const { startMs, endMs, failure } = span;
  return {
    depth,
    name,
    kind: kindOf(span),
    startMs,
    ...(endMs !== undefined && { endMs }),
    ...(failure && { failure }),
  };
}

function kindOf({ origin, namespace, traceId, id }: Span): ShownSpan["kind"] {
  if (traceId === "" && id.startsWith("recovery ")) return "recovery";
  if (origin === "AWS::SQS::Queue") return "wait";
  if (origin === "AWS::Service" || namespace !== undefined) return "call";
  return origin === "AWS::Lambda::Function" ? "function" : "work";
}
