import { readRegularExpression } from "./terms.ts";
import type { Token, Tokens } from "./tokens.ts";

/** The values that an event has at a field; none where it has no such field. */
type ReadField = (field: string) => readonly unknown[];

/** Whether an event, whose fields it is given, fits. */
export type Condition = (read: ReadField) => boolean;

/** What differs between JSON patterns and patterns of fields. */
export interface Dialect {
  /** Checks the name of a field. @throws InvalidParameterException */
  readonly field: (name: string) => string;
  /** Whether numbers are compared with texts too: where every value is a text. */
  readonly numbersInTexts: boolean;
  /** Whether a field may stand alone, without a condition. */
  readonly bareField?: boolean;
}

/** Reads comparisons joined by `&&`, which binds closer, `||` and parentheses. @throws InvalidParameterException */
export function readCondition(tokens: Tokens, dialect: Dialect): Condition {
  const any = [readAll(tokens, dialect)];
  while (tokens.take("||")) any.push(readAll(tokens, dialect));
  return any.length === 1 && any[0] ? any[0] : (read) => any.some((each) => each(read));
}

function readAll(tokens: Tokens, dialect: Dialect): Condition {
  const all = [readOne(tokens, dialect)];
  while (tokens.take("&&")) all.push(readOne(tokens, dialect));
  return all.length === 1 && all[0] ? all[0] : (read) => all.every((each) => each(read));
}

function readOne(tokens: Tokens, dialect: Dialect): Condition {
  if (tokens.take("(")) {
    const inner = readCondition(tokens, dialect);
    if (!tokens.take(")")) return tokens.refuse("a )");
    return inner;
  }
  const field = dialect.field(tokens.expect("a field", "word").text);
  if (dialect.bareField && tokens.at(",")) return () => true;
  if (tokens.take("NOT")) {
    if (!tokens.take("EXISTS")) return tokens.refuse("EXISTS");
    return (read) => read(field).length === 0;
  }
  if (tokens.take("IS")) return readIs(tokens, field);
  return readComparison(tokens, field, dialect);
}

const CONSTANTS = { TRUE: true, FALSE: false, NULL: null } as const;

function readIs(tokens: Tokens, field: string): Condition {
  for (const [word, value] of Object.entries(CONSTANTS)) {
    if (tokens.take(word)) return (read) => read(field).includes(value);
  }
  return tokens.refuse("TRUE, FALSE or NULL");
}

const ORDERS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

function readComparison(tokens: Tokens, field: string, { numbersInTexts }: Dialect): Condition {
  const sign = tokens.expect("one of =, !=, <, <=, >, >=, IS and NOT EXISTS", "sign").text;
  const order = ORDERS[sign];
  if (order) {
    const limit = numberOf(tokens.expect("a number", "word").text);
    if (limit === undefined) return tokens.refuse("a number before that");
    const number = (value: unknown): number | undefined =>
      typeof value === "number" ? value : numbersInTexts ? numberOf(String(value)) : undefined;
    return (read) =>
      read(field).some((value) => {
        const found = number(value);
        return found !== undefined && order(found, limit);
      });
  }
  if (sign !== "=" && sign !== "!=") return tokens.refuse("a comparison before that");
  const equals = readEquality(tokens.expect("a value", "word", "phrase", "expression"), numbersInTexts);
  return (read) => read(field).some((value) => isScalar(value) && equals(value) === (sign === "="));
}

function readEquality({ kind, text }: Token, numbersInTexts: boolean): (value: Scalar) => boolean {
  if (kind === "expression") {
    const fits = readRegularExpression(text);
    return (value) => fits(String(value));
  }
  if (text.includes("*")) {
    const expression = new RegExp(
      `^${text
        .split("*")
        .map((part) => part.replace(/[^\w\s]/g, "\\$&"))
        .join(".*")}$`,
      "s",
    );
    return (value) => expression.test(String(value));
  }
  const number = kind === "word" ? numberOf(text) : undefined;
  return (value) => {
    if (number === undefined) return value === text;
    return value === text || (typeof value === "number" ? value : numbersInTexts && numberOf(value)) === number;
  };
}

type Scalar = number | string;

function isScalar(value: unknown): value is Scalar {
  return typeof value === "number" || typeof value === "string";
}

/** A number as patterns and events write it: `5`, `-1.5`, `1e-3`. */
function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
