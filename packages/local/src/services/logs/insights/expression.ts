import { malformedQuery, notServed } from "./errors.ts";
import type { Fields, Value } from "./fields.ts";
import type { Tokens } from "./tokens.ts";

/** What a part of a query makes of an event. */
export type Expression = (fields: Fields) => Value;

/** Reads comparisons joined by `and`, which binds closer, and `or`. @throws MalformedQueryException */
export function readCondition(tokens: Tokens): Expression {
  const any = [readAll(tokens)];
  while (tokens.take("or")) any.push(readAll(tokens));
  return any.length === 1 && any[0] ? any[0] : (fields) => any.some((each) => each(fields) === true);
}

function readAll(tokens: Tokens): Expression {
  const all = [readOne(tokens)];
  while (tokens.take("and")) all.push(readOne(tokens));
  return all.length === 1 && all[0] ? all[0] : (fields) => all.every((each) => each(fields) === true);
}

function readOne(tokens: Tokens): Expression {
  if (tokens.take("not")) {
    const inner = readOne(tokens);
    return (fields) => inner(fields) !== true;
  }
  return readComparison(tokens, readSum(tokens));
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function readComparison(tokens: Tokens, left: Expression): Expression {
  if (tokens.at("not")) {
    tokens.take("not");
    if (!tokens.take("like")) return tokens.refuse("like");
    const fits = readLike(tokens);
    return (fields) => !fits(left(fields));
  }
  if (tokens.take("like") || tokens.take("=~")) {
    const fits = readLike(tokens);
    return (fields) => fits(left(fields));
  }
  if (tokens.take("in")) {
    const values = readList(tokens);
    return (fields) => values.some((value) => compare(left(fields), value(fields)) === 0);
  }
  if (tokens.at("!=")) throw notServed("!=, whose answer for a missing field is not documented: write not (a = b)");
  for (const [sign, holds] of Object.entries(COMPARISONS)) {
    if (!tokens.take(sign)) continue;
    const right = readSum(tokens);
    return (fields) => {
      const order = compare(left(fields), right(fields));
      return order !== undefined && holds(order);
    };
  }
  return left;
}

/** How two values lie to each other: as numbers where both are such; undefined where one is missing, or a number is held against a word. */
export function compare(left: Value, right: Value): number | undefined {
  if (left === undefined || right === undefined) return undefined;
  const [first, second] = [numberOf(left), numberOf(right)];
  if (first !== undefined && second !== undefined) return first - second;
  if (String(left) === String(right)) return 0;
  return first === undefined && second === undefined ? (String(left) < String(right) ? -1 : 1) : Number.NaN;
}

/** A number, also as a text. */
export function numberOf(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function readLike(tokens: Tokens): (value: Value) => boolean {
  const { kind, text } = tokens.expect('a "text" or a /regular expression/', "text", "expression");
  if (kind === "text") return (value) => value !== undefined && String(value).includes(text);
  const [, flags = "", source = text] = /^\(\?([a-z]+)\)(.*)$/s.exec(text) ?? [];
  if (!/^[ims]*$/.test(flags)) throw notServed(`the flags (?${flags}) of a regular expression`);
  try {
    const expression = new RegExp(source, flags);
    return (value) => value !== undefined && expression.test(String(value));
  } catch (cause) {
    throw malformedQuery(`/${text}/ is no regular expression: ${String(cause)}`);
  }
}

function readList(tokens: Tokens): readonly Expression[] {
  if (!tokens.take("[")) return tokens.refuse("[");
  const values = [readSum(tokens)];
  while (tokens.take(",")) values.push(readSum(tokens));
  return tokens.take("]") ? values : tokens.refuse("]");
}

type Calculation = (left: number, right: number) => number;

const SUMS: Readonly<Record<string, Calculation>> = { "+": (a, b) => a + b, "-": (a, b) => a - b };
const PRODUCTS: Readonly<Record<string, Calculation>> = { "*": (a, b) => a * b, "/": (a, b) => a / b };

/** Reads fields, numbers and texts with `+`, `-`, `*` and `/` between them. @throws MalformedQueryException */
export function readSum(tokens: Tokens): Expression {
  return readChain(tokens, SUMS, () => readChain(tokens, PRODUCTS, () => readValue(tokens)));
}

function readChain(
  tokens: Tokens,
  signs: Readonly<Record<string, Calculation>>,
  readPart: () => Expression,
): Expression {
  let result = readPart();
  for (;;) {
    const sign = Object.keys(signs).find((each) => tokens.take(each));
    if (sign === undefined) return result;
    const [left, right, calculate] = [result, readPart(), signs[sign]];
    result = (fields) => {
      const [first, second] = [numberOf(left(fields)), numberOf(right(fields))];
      return first === undefined || second === undefined ? undefined : calculate?.(first, second);
    };
  }
}

function readValue(tokens: Tokens): Expression {
  if (tokens.take("(")) {
    const inner = readCondition(tokens);
    return tokens.take(")") ? inner : tokens.refuse("a )");
  }
  const { kind, text } = tokens.expect("a field, a number or a text", "word", "number", "text");
  if (kind === "number") return () => Number(text);
  if (kind === "text") return () => text;
  if (tokens.take("(")) return readFunction(tokens, text);
  return (fields) => fields.get(text);
}

/** How long a period of `bin` is, milliseconds. */
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readFunction(tokens: Tokens, name: string): Expression {
  if (name.toLowerCase() === "ispresent") {
    const inner = readSum(tokens);
    if (!tokens.take(")")) tokens.refuse("a )");
    return (fields) => inner(fields) !== undefined;
  }
  if (name.toLowerCase() !== "bin") throw notServed(`the function ${name}`);
  const period = tokens.expect("a period such as 5m", "word").text;
  const [, count = "", unit = ""] = /^(\d+)([smhd])$/.exec(period) ?? [];
  const lengthMs = Number(count) * (UNITS_MS[unit] ?? 0);
  if (!(lengthMs > 0)) throw notServed(`bin(${period}): a number with s, m, h or d is`);
  if (!tokens.take(")")) tokens.refuse("a )");
  return (fields) => {
    const atMs = numberOf(fields.get("@timestamp"));
    return atMs === undefined ? undefined : shownTime(atMs - (atMs % lengthMs));
  };
}

/** A time as results show it. */
export function shownTime(atMs: number): string {
  return new Date(atMs).toISOString().replace("T", " ").replace("Z", "");
}
