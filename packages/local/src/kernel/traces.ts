import type { Clock } from "./clock.ts";
import type { Members } from "./service.ts";
import { newSegmentId, readTraceHeader, type TraceHeader } from "./trace-header.ts";

/** How many new traces a second are sampled in any case, and of those beyond every which: as X-Ray's own rule does with 1 and 5 %, for a person's machine. */
const SAMPLED_A_SECOND = 20;
const EACH_BEYOND = 20;

/** The most segments that wait for the collector; further ones are lost. */
const MOST_WAITING = 50_000;

/** What one part of the region did within a trace. */
interface ServiceSegment {
  readonly traceId: string;
  /** @default a new one */
  readonly id?: string;
  readonly parentId?: string | undefined;
  /** What did it: a function's, a queue's, a bus's name. */
  readonly name: string;
  /** What it is, such as `AWS::SQS::Queue`. */
  readonly origin: string;
  readonly startMs: number;
  /** @default it is not over */
  readonly endMs?: number;
  /** Values to find the trace by. */
  readonly annotations?: Readonly<Record<string, boolean | number | string>>;
  /** What AWS's own services say of a request, such as `operation`. */
  readonly aws?: Members;
  readonly http?: Members;
  /** Why it failed, where it did. */
  readonly fault?: { readonly type: string; readonly message: string };
  readonly error?: boolean;
  readonly throttle?: boolean;
  /** The traces that it goes on with. */
  readonly links?: readonly TraceHeader[];
}

/** What the region's services write down of traces, until the collector takes it; a kill loses what it has not taken. */
export interface Traces {
  /** Writes a segment down, and gives back its id. */
  record(segment: ServiceSegment): string;
  /** Whether a new trace is sampled, now. */
  sample(): boolean;
  /** The header of a request, where its trace is sampled. */
  sampled(header: string | null | undefined): TraceHeader | undefined;
  /** Gives the segment documents that were written since the last time, and forgets them. */
  take(): readonly Members[];
  /** Where functions send segments: the value of AWS_XRAY_DAEMON_ADDRESS. @default nobody listens */
  daemonAddress: string | undefined;
  /** Calls back when something waits that did not before. */
  onFirst(listener: () => void): void;
}

export function createTraces(clock: Clock): Traces {
  let waiting: Members[] = [];
  let second = 0;
  let seen = 0;
  let wake = (): void => {};
  return {
    daemonAddress: undefined,
    record: (segment) => {
      const id = segment.id ?? newSegmentId();
      if (waiting.length < MOST_WAITING && waiting.push(documentOf(segment, id)) === 1) wake();
      return id;
    },
    sample: () => {
      const now = Math.floor(clock.now() / 1_000);
      if (now !== second) seen = 0;
      second = now;
      seen += 1;
      return seen <= SAMPLED_A_SECOND || seen % EACH_BEYOND === 0;
    },
    sampled: (text) => {
      const header = readTraceHeader(text);
      return header?.sampled ? header : undefined;
    },
    take: () => {
      const all = waiting;
      waiting = [];
      return all;
    },
    onFirst: (listener) => {
      wake = listener;
    },
  };
}

/** A segment document (X-Ray developer guide, "Segment documents"). */
function documentOf(segment: ServiceSegment, id: string): Members {
  const { traceId, parentId, name, origin, startMs, endMs, annotations, aws, http, fault, error, throttle, links } =
    segment;
  return {
    trace_id: traceId,
    id,
    ...(parentId !== undefined && { parent_id: parentId }),
    name,
    origin,
    start_time: startMs / 1_000,
    ...(endMs === undefined ? { in_progress: true } : { end_time: endMs / 1_000 }),
    ...(annotations && { annotations }),
    ...(aws && { aws }),
    ...(http && { http }),
    ...(fault && { fault: true, cause: { exceptions: [{ id: newSegmentId(), ...fault }] } }),
    ...(error && { error }),
    ...(throttle && { throttle }),
    ...(links && links.length > 0 && { links: links.map(linkOf) }),
  };
}

function linkOf({ root, parent }: TraceHeader): Members {
  return {
    trace_id: root,
    ...(parent !== undefined && { id: parent }),
    attributes: { "aws.xray.reserved.reference_type": "parent" },
  };
}
