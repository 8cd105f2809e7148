import { invalidValue, notServed } from "../errors.ts";
import { FUNCTIONS } from "./functions.ts";

/** A metric math expression (CloudWatch user guide, "Using math expressions with CloudWatch metrics"). */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reference"; readonly id: string }
  | { readonly kind: "array"; readonly items: readonly Expression[] }
  | { readonly kind: "call"; readonly name: string; readonly inputs: readonly Expression[] }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "negation"; readonly of: Expression };

/** The operators that bind least first; those of a row bind alike. */
const LEVELS: readonly (readonly string[])[] = [
  ["||", "OR"],
  ["&&", "AND"],
  ["==", "!=", "<=", ">=", "<", ">"],
  ["+", "-"],
  ["*", "/"],
  ["^"],
];

const TOKEN = /\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+|"[^"]*"|'[^']*'|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[-+*/^()[\],<>])/y;

/** What is left to read. */
interface Reader {
  peek(): string | undefined;
  next(): string | undefined;
  /** @throws InvalidParameterValue where something else comes */
  expect(token: string): void;
}

/** @throws InvalidParameterValue for what is no expression, or calls a function that the local region does not serve, by name */
export function parseExpression(text: string): Expression {
  const reader = readerOf(text);
  const expression = readLevel(reader, 0);
  const rest = reader.peek();
  if (rest !== undefined) throw invalidValue(`Error in expression '${text}': unexpected ${rest}.`);
  return expression;
}

function readerOf(text: string): Reader {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ""; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) throw invalidValue(`Error in expression '${text}': cannot read ${text.slice(at).trim()}.`);
    tokens.push(token);
  }
  let place = 0;
  return {
    peek: () => tokens[place],
    next: () => tokens[place++],
    expect: (token) => {
      const found = tokens[place++];
      if (found !== token)
        throw invalidValue(`Error in expression '${text}': ${token} expected, not ${found ?? "the end"}.`);
    },
  };
}

function readLevel(reader: Reader, level: number): Expression {
  const operators = LEVELS[level];
  if (!operators) return readFactor(reader);
  let left = readLevel(reader, level + 1);
  for (let operator = reader.peek(); operator !== undefined && operators.includes(operator); operator = reader.peek()) {
    reader.next();
    left = { kind: "binary", operator, left, right: readLevel(reader, level + 1) };
  }
  return left;
}

function readFactor(reader: Reader): Expression {
  const token = reader.next();
  if (token === undefined) throw invalidValue("Error in expression: it ends too early.");
  if (token === "-") return { kind: "negation", of: readFactor(reader) };
  if (token === "(") {
    const inner = readLevel(reader, 0);
    reader.expect(")");
    return inner;
  }
  if (token === "[") return { kind: "array", items: readList(reader, "]") };
  if (/^[\d.]/.test(token)) return { kind: "number", value: Number(token) };
  if (/^["']/.test(token)) return { kind: "text", text: token.slice(1, -1) };
  if (!/^\w+$/.test(token)) throw invalidValue(`Error in expression: unexpected ${token}.`);
  if (reader.peek() === "(") return readCall(reader, token);
  if (token === "REPEAT" || token === "LINEAR") return { kind: "text", text: token };
  if (/^[a-z]/.test(token)) return { kind: "reference", id: token };
  throw notServed(`${token} in a metric math expression`);
}

function readCall(reader: Reader, name: string): Expression {
  reader.expect("(");
  if (name !== "METRICS" && !FUNCTIONS.has(name)) throw notServed(`the metric math function ${name}`);
  return { kind: "call", name, inputs: readList(reader, ")") };
}

function readList(reader: Reader, end: string): readonly Expression[] {
  const items: Expression[] = [];
  while (reader.peek() !== end) {
    if (items.length > 0) reader.expect(",");
    items.push(readLevel(reader, 0));
  }
  reader.expect(end);
  return items;
}

/** The ids that an expression refers to. */
export function referencesOf(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case "number":
    case "text":
      return [];
    case "reference":
      return [expression.id];
    case "array":
      return expression.items.flatMap(referencesOf);
    case "call":
      return expression.inputs.flatMap(referencesOf);
    case "binary":
      return [expression.left, expression.right].flatMap(referencesOf);
    case "negation":
      return referencesOf(expression.of);
  }
}
