import { notServed } from "./errors.ts";
import { compare, type Expression, numberOf, readSum } from "./expression.ts";
import type { Fields, Value } from "./fields.ts";
import type { Tokens } from "./tokens.ts";

/** What a command shows in a column. */
export interface Column {
  readonly name: string;
  readonly value: Expression;
}

/** Reads columns with commas between them, each with its name where it has one. */
export function readColumns(tokens: Tokens): readonly Column[] {
  const columns: Column[] = [];
  do {
    const from = tokens.place;
    const value = readSum(tokens);
    columns.push({ name: readName(tokens, from), value });
  } while (tokens.take(","));
  return columns;
}

function readName(tokens: Tokens, from: number): string {
  const said = tokens.said(from).replaceAll("`", "");
  return tokens.take("as") ? tokens.expect("a name", "word").text : said;
}

type Aggregate = (rows: readonly Fields[]) => Value;

/** Reads `stats count(*) as all, pct(@duration, 99) by queue, bin(5m)`, and gives one row for each group. @throws MalformedQueryException */
export function readStats(tokens: Tokens): {
  readonly names: readonly string[];
  readonly apply: (rows: readonly Fields[]) => readonly Fields[];
} {
  const aggregates: { readonly name: string; readonly value: Aggregate }[] = [];
  do {
    const from = tokens.place;
    const value = readAggregate(tokens);
    aggregates.push({ name: readName(tokens, from), value });
  } while (tokens.take(","));
  const groups = tokens.take("by") ? readColumns(tokens) : [];
  const apply = (rows: readonly Fields[]): readonly Fields[] => {
    const byGroup = Map.groupBy(rows, (row) => JSON.stringify(groups.map(({ value }) => value(row) ?? null)));
    // Without groups there is one row, also of no events.
    if (groups.length === 0 && byGroup.size === 0) byGroup.set("[]", []);
    return [...byGroup.values()].map((same) => {
      const [first = new Map()] = same;
      return new Map([
        ...groups.map(({ name, value }) => [name, value(first)] as const),
        ...aggregates.map(({ name, value }) => [name, value(same)] as const),
      ]);
    });
  };
  return { names: [...groups, ...aggregates].map(({ name }) => name), apply };
}

const OF_NUMBERS: Readonly<Record<string, (numbers: readonly number[]) => Value>> = {
  avg: (numbers) => (numbers.length === 0 ? undefined : sum(numbers) / numbers.length),
  sum: (numbers) => (numbers.length === 0 ? undefined : sum(numbers)),
};

function readAggregate(tokens: Tokens): Aggregate {
  const name = tokens.expect("a function such as count", "word").text.toLowerCase();
  if (!tokens.take("(")) return tokens.refuse("a (");
  const all = name === "count" && (tokens.take("*") || tokens.at(")"));
  const value = all ? undefined : readSum(tokens);
  const share = name === "pct" ? readShare(tokens) : 0;
  if (!tokens.take(")")) return tokens.refuse("a )");
  if (!value) return (rows) => rows.length;
  const present = (rows: readonly Fields[]): Value[] => rows.map(value).filter((each) => each !== undefined);
  const numbers = (rows: readonly Fields[]): number[] =>
    present(rows)
      .map(numberOf)
      .filter((each) => each !== undefined);
  if (name === "count") return (rows) => present(rows).length;
  if (name === "count_distinct") return (rows) => new Set(present(rows)).size;
  if (name === "min") return (rows) => present(rows).sort(byValue)[0];
  if (name === "max") return (rows) => present(rows).sort(byValue).at(-1);
  if (name === "pct") return (rows) => percentile(numbers(rows), share);
  const calculate = OF_NUMBERS[name];
  if (!calculate) throw notServed(`the function ${name} in stats`);
  return (rows) => calculate(numbers(rows));
}

function readShare(tokens: Tokens): number {
  if (!tokens.take(",")) return tokens.refuse("a , and a percentage");
  return Number(tokens.expect("a percentage", "number").text);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** The least value that so many percent do not exceed. */
function percentile(numbers: readonly number[], share: number): Value {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)];
}

/** The order of values: what is missing, then texts, then numbers by size. */
export function byValue(left: Value, right: Value): number {
  return rankOf(left) - rankOf(right) || compare(left, right) || 0;
}

function rankOf(value: Value): number {
  return value === undefined ? 0 : numberOf(value) === undefined ? 1 : 2;
}
