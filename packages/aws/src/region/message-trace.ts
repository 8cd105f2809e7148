import {
  type FailedMessage,
  recoveryNode,
  type ShownSpan,
  type ShownTrace,
  type Span,
  type TracedAttempt,
  type TraceNode,
  type TraceRequest,
  traceTree,
} from "@reliq/core/recovery";
import { type GatheredSpans, gatherSpans } from "./gather-spans.ts";
import type { TraceCollector } from "./trace-collector.ts";
import { traceRows } from "./trace-rows.ts";

/** The longest time that is searched, milliseconds: each six hours of it are a request for each id that the message has had. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** How much earlier than the message its producer may have begun, and how much ahead of this clock another may be, milliseconds. */
const AROUND_MS = 60_000;

/** How long what follows from a failure's last change may take, milliseconds. */
const AFTER_MS = 3_600_000;

/** What is known of a message beside its spans. */
export interface KnownFailure {
  readonly failure?: FailedMessage;
  readonly attempts: readonly TracedAttempt[];
}

/** The tree of a message's spans and failed attempts, with what recovery did. */
export function treeOf(gathered: GatheredSpans, { failure, attempts }: KnownFailure): readonly TraceNode[] {
  const { spans, messageIds } = gathered;
  const drawn = traceTree({ spans, attempts, ...(messageIds && { messageIds }) });
  return failure ? [...drawn, recoveryNode(failure)].sort((a, b) => a.span.startMs - b.span.startMs) : drawn;
}

/** The ids that a failed message has had. */
export function idsOfFailure({ lineage, messageId, attemptedAs }: FailedMessage): readonly string[] {
  return [lineage, messageId, ...(attemptedAs === undefined ? [] : [attemptedAs])];
}

/** A failed message remembers the attempts of its last death, also where the journal has forgotten them. */
export function withRemembered(
  attempts: readonly TracedAttempt[],
  failure: FailedMessage | undefined,
): readonly TracedAttempt[] {
  if (!failure) return attempts;
  const messageId = failure.attemptedAs ?? failure.messageId;
  const known = new Set(attempts.map((each) => `${each.messageId} ${each.receiveCount}`));
  const remembered = failure.attempts.map((each) => ({ ...each, messageId }));
  return [...attempts, ...remembered.filter((each) => !known.has(`${each.messageId} ${each.receiveCount}`))];
}

interface ReadTraceOptions {
  /** The time there, milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** Whether what failures say is left out: it can name what the caller may not see. */
  readonly masked: boolean;
}

/** The way of a failed message, as the console draws it. */
export async function readTrace(
  collector: TraceCollector,
  { failure, attempts }: TraceRequest,
  { nowMs, masked }: ReadTraceOptions,
): Promise<ShownTrace> {
  const gathered = await gatherSpans({ collector, ...timeOf(failure, nowMs) }, failure.lineage, idsOfFailure(failure));
  const rows = traceRows(treeOf(gathered, { failure, attempts: withRemembered(attempts, failure) }));
  return {
    nowMs,
    messageIds: [...(gathered.messageIds ?? [])],
    traces: new Set(rows.map(({ span }) => span.traceId).filter((id) => id !== "")).size,
    spans: rows.map(({ depth, name, span }) => shownSpan(depth, name, span, masked)),
    more: gathered.more,
  };
}

/** When something of a failure can have happened: from its producer until what followed from its last change; a message that was sent again is still on its way. */
function timeOf(
  { sentAtMs, updatedAtMs, state }: FailedMessage,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number } {
  const toMs = Math.min(nowMs + AROUND_MS, state === "requeued" ? nowMs + AROUND_MS : updatedAtMs + AFTER_MS);
  return { fromMs: Math.max(sentAtMs - AROUND_MS, toMs - LONGEST_MS), toMs };
}

function shownSpan(depth: number, name: string, span: Span, masked: boolean): ShownSpan {
  const { startMs, endMs, failure } = span;
  return {
    depth,
    name,
    kind: kindOf(span),
    startMs,
    ...(endMs !== undefined && { endMs }),
    ...(failure && { failure: masked ? { ...failure, message: "masked for your role" } : failure }),
  };
}

function kindOf({ origin, namespace, traceId, id }: Span): ShownSpan["kind"] {
  if (traceId === "" && id.startsWith("recovery ")) return "recovery";
  if (origin === "AWS::SQS::Queue") return "wait";
  if (origin === "AWS::Service" || namespace !== undefined) return "call";
  return origin === "AWS::Lambda::Function" ? "function" : "work";
}
