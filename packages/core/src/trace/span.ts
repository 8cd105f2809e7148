/** Where a span is within all traces. */
interface SpanPlace {
  /** As X-Ray writes it: `1-58406520-a006649127e371903a2de979`. */
  readonly traceId: string;
  readonly id: string;
}

/** One piece of work within a trace; times are milliseconds since the Unix epoch. */
export interface Span extends SpanPlace {
  readonly parentId?: string;
  readonly name: string;
  /** What it is: `AWS::SQS::Queue`, `AWS::Lambda::Function`, … @default the code of a function */
  readonly origin?: string;
  /** A call of a service: which action. */
  readonly operation?: string;
  /** A call of a service that a function made: `aws` or `remote`. */
  readonly namespace?: string;
  readonly startMs: number;
  /** @default it is not over, or nobody was left to say so */
  readonly endMs?: number;
  /** Why it failed. */
  readonly failure?: { readonly type: string; readonly message: string };
  /** Which message, lineage, receive or request it is about. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The spans of other traces that it goes on with. */
  readonly links: readonly SpanPlace[];
}

/** The messages that a span is about, by their ids and their lineage; none where it is about no message, or about many. */
export function spanMessages({ annotations }: Span): readonly string[] {
  return [annotations["message_id"], annotations["lineage"]].filter((id) => id !== undefined);
}

/** The names of the queues that spans show. */
export function spanQueues(spans: readonly Span[]): readonly string[] {
  const names = spans.flatMap(({ origin, name }) => {
    if (origin === "AWS::SQS::Queue") return [name];
    return origin === undefined && name.startsWith("process ") ? [name.slice("process ".length)] : [];
  });
  return [...new Set(names)];
}

/** How deep a document is read. */
const DEEPEST = 32;

/** Reads an X-Ray segment document, with the subsegments inside it; nothing of one that is no such document. */
export function readSpans(document: string): readonly Span[] {
  const fields = parse(document);
  return fields ? spansOf(fields, undefined, 0) : [];
}

type Fields = Readonly<Record<string, unknown>>;

function parse(document: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(document);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function spansOf(fields: Fields, above: SpanPlace | undefined, depth: number): readonly Span[] {
  const { id, name, start_time: start, end_time: end, parent_id: parent, origin, namespace, aws, subsegments } = fields;
  const traceId = fields["trace_id"] ?? above?.traceId;
  if (typeof traceId !== "string" || typeof id !== "string" || typeof start !== "number") return [];
  const parentId = typeof parent === "string" ? parent : above?.id;
  const operation = isFields(aws) && typeof aws["operation"] === "string" ? aws["operation"] : undefined;
  const failure = failureOf(fields);
  const span: Span = {
    traceId,
    id,
    name: String(name ?? ""),
    startMs: start * 1_000,
    annotations: textsOf(fields["annotations"]),
    links: linksOf(fields["links"]),
    ...(parentId !== undefined && { parentId }),
    ...(typeof origin === "string" && { origin }),
    ...(typeof namespace === "string" && { namespace }),
    ...(operation !== undefined && { operation }),
    ...(typeof end === "number" && { endMs: end * 1_000 }),
    ...(failure && { failure }),
  };
  const inside = depth < DEEPEST && Array.isArray(subsegments) ? subsegments.filter(isFields) : [];
  return [span, ...inside.flatMap((each) => spansOf(each, span, depth + 1))];
}

function failureOf({ fault, error, throttle, cause }: Fields): Span["failure"] | undefined {
  if (fault !== true && error !== true && throttle !== true) return undefined;
  const exceptions = isFields(cause) && Array.isArray(cause["exceptions"]) ? cause["exceptions"].filter(isFields) : [];
  const [{ type, message } = {} as Fields] = exceptions;
  const kind = throttle === true ? "throttled" : fault === true ? "failed" : "refused";
  return { type: String(type ?? kind), message: String(message ?? "") };
}

function textsOf(annotations: unknown): Record<string, string> {
  if (!isFields(annotations)) return {};
  return Object.fromEntries(Object.entries(annotations).map(([name, value]) => [name, String(value)]));
}

function linksOf(links: unknown): readonly SpanPlace[] {
  const read = Array.isArray(links) ? links.filter(isFields) : [];
  return read.flatMap(({ trace_id: traceId, id, attributes }) => {
    const child = isFields(attributes) && attributes["aws.xray.reserved.reference_type"] === "child";
    return typeof traceId === "string" && typeof id === "string" && !child ? [{ traceId, id }] : [];
  });
}
