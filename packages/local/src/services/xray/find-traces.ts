import type { Members, World } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";
import { type Condition, readFilter } from "./filter-expression.ts";

/** The most traces of one answer. */
const PAGE = 1_000;

/** The longest time that a request may ask about, seconds. */
const LONGEST_SECONDS = 86_400;

interface TraceRow {
  readonly traceId: string;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly fault: number;
  readonly error: number;
  readonly throttle: number;
}

/** GetTraceSummaries: the traces of a time, by their start, that fit a filter expression. */
export function findTraces({ store }: World, input: Members): Members {
  const [fromMs, toMs] = readTimes(input);
  const conditions = readFilter(String(input["FilterExpression"] ?? ""));
  const { where, values } = selection(conditions);
  const after = readToken(input["NextToken"]);
  const rows = store
    .statement(
      `SELECT traceId, startMs, endMs, fault, error, throttle FROM xray_trace
       WHERE startMs >= ? AND startMs < ? AND (startMs, traceId) > (?, ?)${where} ORDER BY startMs, traceId LIMIT ?`,
    )
    .all(fromMs, toMs, after.startMs, after.traceId, ...values, PAGE) as unknown as TraceRow[];
  const last = rows.length === PAGE ? rows.at(-1) : undefined;
  return {
    TraceSummaries: rows.map(summaryOf),
    TracesProcessedCount: rows.length,
    ...(last && { NextToken: Buffer.from(`${last.startMs} ${last.traceId}`).toString("base64") }),
  };
}

function readTimes(input: Members): [fromMs: number, toMs: number] {
  const from = Number(input["StartTime"]);
  const to = Number(input["EndTime"]);
  if (!Number.isFinite(from) || !Number.isFinite(to) || from > to) {
    throw invalid("StartTime and EndTime are required, in seconds, and StartTime is not the later one.");
  }
  if (to - from > LONGEST_SECONDS) throw invalid("The time range cannot be longer than 24 hours.");
  return [Math.floor(from * 1_000), Math.ceil(to * 1_000)];
}

function readToken(token: unknown): { startMs: number; traceId: string } {
  if (token === undefined || token === null) return { startMs: -1, traceId: "" };
  const [startMs, traceId = ""] = Buffer.from(String(token), "base64").toString("utf8").split(" ");
  if (!Number.isSafeInteger(Number(startMs))) throw invalid("The NextToken is not one of this service.");
  return { startMs: Number(startMs), traceId };
}

function selection(conditions: readonly Condition[]): { where: string; values: readonly (number | string)[] } {
  const parts = conditions.map(partOf);
  return { where: parts.map(({ sql }) => ` AND ${sql}`).join(""), values: parts.flatMap(({ values }) => values) };
}

function partOf(condition: Condition): { readonly sql: string; readonly values: readonly (number | string)[] } {
  switch (condition.kind) {
    case "annotation":
      return {
        sql: "traceId IN (SELECT traceId FROM xray_annotation WHERE name = ? AND value = ?)",
        values: [condition.name, condition.value],
      };
    case "service":
      return { sql: "traceId IN (SELECT traceId FROM xray_segment WHERE name = ?)", values: [condition.name] };
    case "flag":
      return { sql: `${condition.flag} = ?`, values: [Number(condition.is)] };
  }
}

function summaryOf({ traceId, startMs, endMs, fault, error, throttle }: TraceRow): Members {
  return {
    Id: traceId,
    StartTime: startMs / 1_000,
    ...(endMs !== null && { Duration: (endMs - startMs) / 1_000 }),
    HasFault: fault === 1,
    HasError: error === 1,
    HasThrottle: throttle === 1,
    IsPartial: endMs === null,
  };
}

function invalid(message: string): ServiceError {
  return new ServiceError("InvalidRequestException", message);
}
