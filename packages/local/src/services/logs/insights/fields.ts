/** What a field of an event can be. */
export type Value = boolean | number | string | undefined;

/** The fields of an event, or of a row that a query made of events. */
export type Fields = ReadonlyMap<string, Value>;

/** An event as it is stored. */
export interface StoredEvent {
  readonly id: number;
  readonly stream: string;
  readonly at: number;
  readonly ingestedAt: number;
  readonly message: string;
}

/** The most fields that are discovered of one event (CloudWatch Logs user guide, "Fields in JSON logs"). */
const MOST_FIELDS = 200;

/** The fields of an event: those that every event has, those of Lambda's lines, and those of its first JSON object (CloudWatch Logs user guide, "Supported logs and discovered fields"). */
export function discoverFields(event: StoredEvent, log: string): Fields {
  const fields = new Map<string, Value>([
    ["@timestamp", event.at],
    ["@ingestionTime", event.ingestedAt],
    ["@message", event.message],
    ["@logStream", event.stream],
    ["@log", log],
    ["@ptr", String(event.id)],
  ]);
  readLambdaLine(fields, event.message);
  flatten(fields, "", firstObject(event.message));
  return fields;
}

const REQUEST_ID = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/;

const MEASURES = {
  "@duration": [/\tDuration: ([\d.]+) ms/, 1],
  "@billedDuration": [/\tBilled Duration: ([\d.]+) ms/, 1],
  "@initDuration": [/\tInit Duration: ([\d.]+) ms/, 1],
  // Bytes, by the thousand.
  "@memorySize": [/\tMemory Size: (\d+) MB/, 1_000_000],
  "@maxMemoryUsed": [/\tMax Memory Used: (\d+) MB/, 1_000_000],
} as const;

function readLambdaLine(fields: Map<string, Value>, message: string): void {
  const type = /^(START|END|REPORT) RequestId: /.exec(message)?.[1];
  const requestId = type === undefined && !/^\d{4}-/.test(message) ? undefined : REQUEST_ID.exec(message.slice(0, 100));
  if (requestId) fields.set("@requestId", requestId[0]);
  if (type === undefined) return;
  fields.set("@type", type);
  for (const [name, [pattern, factor]] of Object.entries(MEASURES)) {
    const found = pattern.exec(message)?.[1];
    if (found !== undefined) fields.set(name, Number(found) * factor);
  }
}

/** The first JSON object in a line, whatever is before or behind it. */
function firstObject(message: string): unknown {
  const from = message.indexOf("{");
  if (from < 0) return undefined;
  const text = message.slice(from);
  return parse(text) ?? parse(text.slice(0, endOfObject(text)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the object that a text begins with ends. */
function endOfObject(text: string): number {
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (part === "{") depth++;
    if (part === "}" && --depth === 0) return index + 1;
  }
  return 0;
}

function flatten(fields: Map<string, Value>, path: string, value: unknown): void {
  if (fields.size >= MOST_FIELDS || value === undefined || value === null) return;
  if (typeof value === "object") {
    for (const [name, inner] of Object.entries(value))
      flatten(fields, path === "" ? shownName(name) : `${path}.${name}`, inner);
  } else if (path !== "") fields.set(path, value as Value);
}

function shownName(name: string): string {
  return name.startsWith("@") ? `@${name}` : name;
}
