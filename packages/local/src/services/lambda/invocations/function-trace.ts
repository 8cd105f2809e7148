import type { World } from "../../../kernel/service.ts";
import {
  newSegmentId,
  newTraceId,
  readTraceHeader,
  type TraceHeader,
  writeTraceHeader,
} from "../../../kernel/trace-header.ts";
import type { Outcome } from "../../../runtime/outcome.ts";
import { type FunctionRecord, functionArn } from "../functions/function-record.ts";

/** A message of the batch that an invocation is for. */
export interface TracedMessage {
  readonly messageId: string;
  readonly queueName: string;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  /** The header that came with it. */
  readonly traceHeader: string | undefined;
}

/** The trace of one invocation. */
export interface FunctionTrace {
  /** The value of `_X_AMZN_TRACE_ID`. */
  readonly header: string;
  end(outcome: Outcome): void;
}

/** The most traces that a segment is linked to, and the most links of one trace (X-Ray developer guide, "Tracing event-driven applications"). */
const MOST_LINKS = 20;
const MOST_LINKS_OF_TRACE = 100;

/**
 * Begins an invocation's part of a trace. A caller's trace goes on, and is sampled as the caller says; what nobody has decided is sampled where the
 * function traces actively. A batch of messages is a new trace, linked to those of its messages (the same page).
 */
export function beginTrace(
  world: World,
  record: FunctionRecord,
  requestId: string,
  caller: string | undefined,
  messages: readonly TracedMessage[],
): FunctionTrace {
  const { traces, clock } = world;
  const active = record.tracingMode === "Active";
  const given = readTraceHeader(caller);
  const linked = messages.flatMap(({ traceHeader }) => traces.sampled(traceHeader) ?? []);
  const sampled = given?.sampled ?? (active && (linked.length > 0 || traces.sample()));
  const root = given?.root ?? newTraceId(clock.now());
  if (!sampled) {
    const own = { root, parent: given?.parent ?? newSegmentId(), sampled: false };
    return { header: caller !== undefined && given && !active ? caller : writeTraceHeader(own), end: () => {} };
  }
  const segment = {
    traceId: root,
    id: newSegmentId(),
    parentId: given?.parent,
    name: record.name,
    origin: "AWS::Lambda::Function",
    startMs: clock.now(),
    aws: { request_id: requestId, function_arn: functionArn(world, record.name) },
    links: linked.slice(0, MOST_LINKS),
  };
  recordWaits(world, root, messages.slice(0, MOST_LINKS_OF_TRACE));
  traces.record(segment);
  return {
    header: writeTraceHeader({ root, parent: segment.id, sampled: true }),
    end: (outcome) => {
      const fault = outcome.kind === "success" ? undefined : faultOf(outcome.error);
      traces.record({ ...segment, endMs: clock.now(), ...(fault && { fault }) });
    },
  };
}

/** How long each message was in its queue, up to this receive. */
function recordWaits({ traces, clock }: World, traceId: string, messages: readonly TracedMessage[]): void {
  const now = clock.now();
  for (const { messageId, queueName, sentAtMs, receiveCount, traceHeader } of messages) {
    const link: TraceHeader | undefined = traces.sampled(traceHeader);
    traces.record({
      traceId,
      name: queueName,
      origin: "AWS::SQS::Queue",
      startMs: Math.min(sentAtMs, now),
      endMs: now,
      annotations: {
        message_id: messageId,
        receive_count: receiveCount,
        ...(link && { sender_trace: link.root }),
      },
      ...(link && { links: [link] }),
    });
  }
}

function faultOf({ errorType, errorMessage }: { readonly errorType: string; readonly errorMessage: string }): {
  type: string;
  message: string;
} {
  return { type: errorType, message: errorMessage.slice(0, 1_000) };
}
