import { malformedQuery, notServed } from "./errors.ts";
import { type Expression, readCondition, readSum, shownTime } from "./expression.ts";
import type { Fields, Value } from "./fields.ts";
import { byValue, type Column, readColumns, readStats } from "./stats.ts";
import { readTokens, type Tokens } from "./tokens.ts";

/** The longest query, characters (StartQuery), and the most rows of an answer. */
const LONGEST = 10_000;
const MOST_ROWS = 10_000;

/** One cell of an answer, as GetQueryResults names it. */
interface Cell {
  readonly field: string;
  readonly value: string;
}

/** What a query finds among events. */
export interface Found {
  readonly rows: readonly (readonly Cell[])[];
  /** How many events fit the filters. */
  readonly matched: number;
}

/** A query that can be run. */
export type Query = (events: Iterable<Fields>, limit?: number) => Found;

/** What a command makes of the rows before it. */
type Step = (rows: readonly Fields[]) => readonly Fields[];

/**
 * Reads a query of the Logs Insights language: `fields`, `filter`, `stats`, `sort`, `limit` and `display`, with comments
 * (CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax").
 * @throws MalformedQueryException that names what is wrong, or is not served
 */
export function readQuery(text: string): Query {
  if (text.trim() === "" || text.length > LONGEST) throw malformedQuery(`it takes 1 to ${LONGEST} characters`);
  const tokens = readTokens(text);
  const shape: Shape = { filters: [], steps: [], shown: [], chosen: undefined, limit: MOST_ROWS, aggregated: false };
  do readCommand(tokens, shape);
  while (tokens.take("|"));
  if (!tokens.ended) tokens.refuse("a |");
  return (events, limit = MOST_ROWS) => run(shape, events, Math.min(limit, shape.limit));
}

/** What the commands say, gathered. */
interface Shape {
  /** Those before the first other step, so that what does not fit is never kept. */
  readonly filters: Expression[];
  readonly steps: Step[];
  shown: string[];
  chosen: readonly string[] | undefined;
  limit: number;
  aggregated: boolean;
}

function readCommand(tokens: Tokens, shape: Shape): void {
  const { text } = tokens.expect("a command", "word");
  const read = COMMANDS[text.toLowerCase()];
  if (!read) throw notServed(`the command ${text}`);
  read(tokens, shape);
}

/** The commands that are carried out; the others are refused by name. */
const COMMANDS: Readonly<Record<string, (tokens: Tokens, shape: Shape) => void>> = {
  fields: (tokens, shape) => {
    const columns = readColumns(tokens);
    shape.shown.push(...columns.map(({ name }) => name));
    shape.steps.push((rows) => rows.map((row) => withColumns(row, columns)));
  },
  filter: (tokens, shape) => {
    const fits = readCondition(tokens);
    if (shape.steps.length === 0) shape.filters.push(fits);
    else shape.steps.push((rows) => rows.filter((row) => fits(row) === true));
  },
  stats: (tokens, shape) => {
    if (shape.aggregated) throw notServed("a second stats");
    const { names, apply } = readStats(tokens);
    Object.assign(shape, { shown: [...names], aggregated: true });
    shape.steps.push(apply);
  },
  sort: (tokens, shape) => {
    shape.steps.push(readSort(tokens));
  },
  limit: (tokens, shape) => {
    shape.limit = Number(tokens.expect("a number of rows", "number").text);
  },
  display: (tokens, shape) => {
    shape.chosen = readColumns(tokens).map(({ name }) => name);
  },
};

function withColumns(row: Fields, columns: readonly Column[]): Fields {
  return new Map<string, Value>([...row, ...columns.map(({ name, value }) => [name, value(row)] as const)]);
}

function readSort(tokens: Tokens): Step {
  const keys: { readonly value: Expression; readonly sign: number }[] = [];
  do {
    const value = readSum(tokens);
    const descends = tokens.take("desc");
    if (!descends) tokens.take("asc");
    keys.push({ value, sign: descends ? -1 : 1 });
  } while (tokens.take(","));
  const order = (left: Fields, right: Fields): number =>
    keys.reduce((found, { value, sign }) => found || sign * byValue(value(left), value(right)), 0);
  return (rows) => rows.toSorted(order);
}

/** The events come oldest first; where the query does not sort them, the newest is shown first. */
function run({ filters, steps, shown, chosen, aggregated }: Shape, events: Iterable<Fields>, limit: number): Found {
  const fitting: Fields[] = [];
  for (const event of events) if (filters.every((fits) => fits(event) === true)) fitting.push(event);
  const rows = steps.reduce<readonly Fields[]>((before, step) => step(before), fitting.toReversed());
  const names = chosen ?? (shown.length > 0 ? shown : ["@timestamp", "@message"]);
  const columns = [...new Set(names), ...(aggregated ? [] : ["@ptr"])];
  return {
    matched: fitting.length,
    rows: rows.slice(0, limit).map((row) =>
      columns.flatMap((field) => {
        const value = row.get(field);
        return value === undefined ? [] : [{ field, value: shownValue(field, value) }];
      }),
    ),
  };
}

const TIMES = ["@timestamp", "@ingestionTime"];

function shownValue(field: string, value: Exclude<Value, undefined>): string {
  if (typeof value !== "number") return String(value);
  return TIMES.includes(field) ? shownTime(value) : String(Math.round(value * 10_000) / 10_000);
}
