import type { Members } from "../../kernel/service.ts";

/** A segment document, checked; what it says beside is kept as it is. */
export interface Segment {
  readonly traceId: string;
  readonly id: string;
  readonly name: string;
  readonly startMs: number;
  /** @default it is in progress */
  readonly endMs?: number;
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;
  /** Its own annotations and those of what is inside it. */
  readonly annotations: readonly (readonly [name: string, value: string])[];
  readonly document: string;
}

/** The largest segment document, bytes (X-Ray quotas). */
const LARGEST_BYTES = 65_536;

/** The longest name, characters, and the most annotations of a trace that are found by (X-Ray developer guide, "Segment documents"). */
const LONGEST_NAME = 200;
const MOST_ANNOTATIONS = 50;

/** How deep subsegments are looked into. */
const DEEPEST = 32;

const TRACE = /^(1-[\da-f]{8}-[\da-f]{24}|[\da-f]{32})$/;
const ID = /^[\da-f]{16}$/;

/** Reads a document; a text that X-Ray would not process gives why. */
export function readSegment(document: string): Segment | { readonly refused: string; readonly id?: string } {
  if (Buffer.byteLength(document) > LARGEST_BYTES) return { refused: "SegmentTooLarge" };
  const fields = parse(document);
  if (!fields) return { refused: "ParseError" };
  const { trace_id: trace, id, name, start_time: start, end_time: end, in_progress: open } = fields;
  const named = typeof id === "string" ? { id } : {};
  if (typeof trace !== "string" || !TRACE.test(trace)) return { refused: "InvalidTraceId", ...named };
  if (typeof id !== "string" || !ID.test(id)) return { refused: "InvalidId", ...named };
  if (typeof name !== "string" || name === "" || name.length > LONGEST_NAME) return { refused: "InvalidName", id };
  if (!isTime(start) || (end !== undefined && !isTime(end))) return { refused: "InvalidTime", id };
  if (end === undefined && open !== true) return { refused: "MissingEndTime", id };
  const all = withinSegment(fields);
  return {
    traceId: traceIdOf(trace),
    id,
    name,
    startMs: Math.round(start * 1_000),
    ...(end !== undefined && { endMs: Math.round(end * 1_000) }),
    fault: all.some((each) => each["fault"] === true),
    error: all.some((each) => each["error"] === true),
    throttle: all.some((each) => each["throttle"] === true),
    annotations: all.flatMap(annotationsOf).slice(0, MOST_ANNOTATIONS),
    document: trace === traceIdOf(trace) ? document : JSON.stringify({ ...fields, trace_id: traceIdOf(trace) }),
  };
}

/** A trace's id in X-Ray's own form; OpenTelemetry writes it without dashes. */
export function traceIdOf(trace: string): string {
  return trace.length === 32 ? `1-${trace.slice(0, 8)}-${trace.slice(8)}` : trace;
}

function parse(document: string): Members | undefined {
  try {
    const fields: unknown = JSON.parse(document);
    return typeof fields === "object" && fields !== null && !Array.isArray(fields) ? (fields as Members) : undefined;
  } catch {
    return undefined;
  }
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < 1e11;
}

/** The segment and the subsegments inside it. */
function withinSegment(fields: Members, depth = 0): readonly Members[] {
  const inside = depth < DEEPEST && Array.isArray(fields["subsegments"]) ? fields["subsegments"] : [];
  const found = inside.filter((each): each is Members => typeof each === "object" && each !== null);
  return [fields, ...found.flatMap((each) => withinSegment(each, depth + 1))];
}

function annotationsOf({ annotations }: Members): readonly (readonly [string, string])[] {
  if (typeof annotations !== "object" || annotations === null) return [];
  return Object.entries(annotations)
    .filter(([, value]) => ["string", "number", "boolean"].includes(typeof value))
    .map(([name, value]) => [name, String(value)] as const);
}
