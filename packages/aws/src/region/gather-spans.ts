import { type Span, spanMessages } from "@reliq/core/recovery";
import type { TraceCollector } from "./trace-collector.ts";

/** The most traces that one message's tree is made of. */
const MOST_TRACES = 100;

/** How many of them are read before it is looked where they lead. */
const MOST_AT_ONCE = 20;

/** What names a trace, as X-Ray and as OpenTelemetry write it. */
const TRACE_ID = /^(1-[\da-f]{8}-[\da-f]{24}|[\da-f]{32})$/;

/** What was found of an id. */
export interface GatheredSpans {
  readonly spans: readonly Span[];
  /** The lineage and the ids of the message; undefined where the id names a trace or a request. */
  readonly messageIds?: ReadonlySet<string>;
  /** There are more traces than were read. */
  readonly more: boolean;
}

interface Search {
  readonly collector: TraceCollector;
  readonly fromMs: number;
  readonly toMs: number;
}

interface State {
  readonly spans: Span[];
  readonly seen: Set<string>;
  readonly messageIds: Set<string>;
  waiting: string[];
  /** How many traces have been read. */
  read: number;
}

/**
 * Gathers the spans of a message, by its id or its lineage, or of a trace or a request: from the traces that are about it to those that they go on with, and to those that go on with them.
 * @param known ids that the message is known to have had, by what recovery keeps
 */
export async function gatherSpans(search: Search, id: string, known: readonly string[]): Promise<GatheredSpans> {
  const state: State = { spans: [], seen: new Set(), messageIds: new Set(), waiting: [], read: 0 };
  const ofTrace = TRACE_ID.test(id);
  if (ofTrace) add(state, [id.length === 32 ? `1-${id.slice(0, 8)}-${id.slice(8)}` : id]);
  else for (const each of new Set([id, ...known])) await addMessage(search, state, each);
  const ofRequest = !ofTrace && state.waiting.length === 0;
  if (ofRequest) add(state, await find(search, "request_id", id));
  const byMessage = !ofTrace && !(ofRequest && state.waiting.length > 0);
  while (state.waiting.length > 0 && state.read < MOST_TRACES) await readWaiting(search, state, byMessage);
  return {
    spans: state.spans,
    ...(byMessage && { messageIds: state.messageIds }),
    more: state.waiting.length > 0,
  };
}

async function readWaiting(search: Search, state: State, byMessage: boolean): Promise<void> {
  const traceIds = state.waiting.splice(0, MOST_AT_ONCE);
  state.read += traceIds.length;
  const spans = await search.collector.spans(traceIds);
  state.spans.push(...spans);
  add(
    state,
    spans.filter((span) => !byMessage || isNear(span, state)).flatMap(({ links }) => links.map((link) => link.traceId)),
  );
  if (byMessage) {
    const ours = spans.filter((span) => spanMessages(span).some((each) => state.messageIds.has(each)));
    for (const each of new Set(ours.flatMap(spanMessages))) await addMessage(search, state, each);
  }
  for (const traceId of traceIds) add(state, await find(search, "sender_trace", traceId));
}

/** Whether what a span goes on with can be about our message. */
function isNear(span: Span, { messageIds }: State): boolean {
  const about = spanMessages(span);
  return about.length === 0 || about.some((each) => messageIds.has(each));
}

async function addMessage(search: Search, state: State, messageId: string): Promise<void> {
  if (state.messageIds.has(messageId)) return;
  state.messageIds.add(messageId);
  add(state, await find(search, "lineage", messageId));
  add(state, await find(search, "message_id", messageId));
}

function find({ collector, fromMs, toMs }: Search, annotation: string, value: string): Promise<readonly string[]> {
  return collector.find(annotation, value, fromMs, toMs);
}

function add({ seen, waiting }: State, traceIds: readonly string[]): void {
  for (const id of traceIds) {
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(id);
  }
}
