import { styleText } from "node:util";
import { safeLine } from "../safe-text.ts";

/** What a batch of a consumer came to, as its metrics say it: how many messages ended so, by the name of the metric. */
interface BatchEvent {
  readonly kind: "batch";
  readonly atMs: number;
  readonly function: string;
  readonly consumer: string;
  readonly queue: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** A line of the structured log: its code is one of docs/reference/events.md or the app's own. */
interface LogEvent {
  readonly kind: "log";
  readonly atMs: number;
  readonly function: string;
  readonly level: string;
  readonly event: string;
  readonly queue?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What `reliq tail` shows of a function's log. */
export type TailEvent = BatchEvent | LogEvent;

/** The metrics that count messages, with the word for each. */
const OUTCOMES: Readonly<Record<string, string>> = {
  Processed: "processed",
  Duplicate: "duplicate",
  Failed: "failed",
  DeadLettered: "dead-lettered",
  Deferred: "deferred",
  SetAside: "set aside",
};

/** Reads a line of a function's log; undefined for one that is neither a batch's metrics nor an event. */
export function readTailEvent(line: string, name: string, atMs: number): TailEvent | undefined {
  const read = parseObject(line);
  if (!read) return undefined;
  const { Consumer: consumer, Queue: queue } = read;
  if (read["_aws"] !== undefined) {
    if (typeof consumer !== "string" || typeof queue !== "string") return undefined;
    const counts = Object.keys(OUTCOMES).flatMap((metric) => {
      const count = Number(read[metric] ?? 0);
      return count > 0 ? [[metric, count] as const] : [];
    });
    return { kind: "batch", atMs, function: name, consumer, queue, counts: Object.fromEntries(counts) };
  }
  const { time: _time, level, event, queue: ofQueue, ...fields } = read;
  if (typeof event !== "string") return undefined;
  const known = {
    kind: "log",
    atMs,
    function: name,
    level: typeof level === "string" ? level : "info",
    event,
  } as const;
  return { ...known, ...(typeof ofQueue === "string" && { queue: ofQueue }), fields };
}

/** Whether it tells of messages that did not succeed, or of something that went wrong. */
export function isTrouble(event: TailEvent): boolean {
  if (event.kind === "log") return event.level !== "info";
  return Object.keys(event.counts).some((metric) => metric !== "Processed" && metric !== "Duplicate");
}

/** One line of a terminal. */
export function describeTailEvent(event: TailEvent): string {
  const time = styleText("dim", new Date(event.atMs).toISOString().slice(11, 23));
  if (event.kind === "batch") {
    const counts = Object.entries(event.counts).map(([metric, count]) => {
      const text = `${count} ${OUTCOMES[metric]}`;
      return metric === "Processed" ? styleText("green", text) : styleText("yellow", text);
    });
    return `${time}  ${styleText("bold", event.queue)}  ${counts.join(", ") || "nothing"}  ${styleText("dim", event.consumer)}`;
  }
  const colour = event.level === "error" ? "red" : event.level === "warn" ? "yellow" : "cyan";
  const where = event.queue ?? event.function;
  return `${time}  ${styleText("bold", where)}  ${styleText(colour, event.event)}  ${styleText("dim", describeFields(event.fields))}`.trimEnd();
}

function describeFields(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(
      ([name, value]) => `${name}=${safeLine(typeof value === "string" ? value : (JSON.stringify(value) ?? ""), 120)}`,
    )
    .join(" ");
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  const begins = line.indexOf("{");
  if (begins < 0) return undefined;
  try {
    return JSON.parse(line.slice(begins)) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
