import type { Reader } from "../expressions/reader.ts";
import { validationError } from "../request/errors.ts";
import type { AttributeValue } from "../values/attribute-value.ts";
import { setAttribute } from "../values/attribute-value.ts";
import { parseValue } from "../values/validate.ts";

/** A value of a statement, once the parameters are known. */
export type Template = (parameters: readonly AttributeValue[]) => AttributeValue;

/** Parses a literal or a `?`, where one stands. `parameter` counts the question marks. @throws ValidationException */
export function parseLiteral(reader: Reader, parameter: () => number): Template | undefined {
  const { kind, text } = reader.peek();
  if (kind === "string") {
    reader.next();
    return () => ({ S: text });
  }
  const negative = reader.at("-") && reader.peek(1).kind === "number";
  if (kind === "number" || negative) {
    if (negative) reader.next();
    const value = parseValue({ N: `${negative ? "-" : ""}${reader.next().text}` });
    return () => value;
  }
  if (reader.accept("?")) {
    const position = parameter();
    return (parameters) => parameters[position] as AttributeValue;
  }
  return parseWord(reader) ?? parseCollection(reader, parameter);
}

function parseWord(reader: Reader): Template | undefined {
  if (reader.accept("TRUE")) return () => ({ BOOL: true });
  if (reader.accept("FALSE")) return () => ({ BOOL: false });
  if (reader.accept("NULL")) return () => ({ NULL: true });
  if (reader.at("MISSING")) throw validationError("MISSING must be compared using IS operator");
  return undefined;
}

function parseCollection(reader: Reader, parameter: () => number): Template | undefined {
  if (reader.accept("[")) {
    const elements = parseElements(reader, "]", parameter);
    return (parameters) => ({ L: elements.map((each) => each(parameters)) });
  }
  if (reader.accept("<<")) {
    const elements = parseElements(reader, ">>", parameter);
    return (parameters) => setOf(elements.map((each) => each(parameters)));
  }
  return reader.accept("{") ? parseTuple(reader, parameter) : undefined;
}

function parseElements(reader: Reader, end: string, parameter: () => number): readonly Template[] {
  const elements: Template[] = [];
  while (!reader.accept(end)) {
    if (elements.length > 0) reader.expect(",");
    elements.push(needLiteral(reader, parameter));
  }
  return elements;
}

function parseTuple(reader: Reader, parameter: () => number): Template {
  const members = new Map<string, Template>();
  while (!reader.accept("}")) {
    if (members.size > 0) reader.expect(",");
    if (reader.peek().kind !== "string") throw reader.unexpected();
    const name = reader.next().text;
    if (members.has(name)) throw validationError(`Duplicate keys in tuple. Key: ${name}`);
    reader.expect(":");
    members.set(name, needLiteral(reader, parameter));
  }
  return (parameters) => {
    const item: Record<string, AttributeValue> = {};
    for (const [name, value] of members) setAttribute(item, name, value(parameters));
    return { M: item };
  };
}

function needLiteral(reader: Reader, parameter: () => number): Template {
  const literal = parseLiteral(reader, parameter);
  if (literal) return literal;
  throw reader.unexpected();
}

function setOf(elements: readonly AttributeValue[]): AttributeValue {
  if (elements.length === 0) throw validationError("Empty bags are not supported");
  for (const [type, set] of [
    ["S", "SS"],
    ["N", "NS"],
    ["B", "BS"],
  ] as const) {
    if (elements.every((each) => each[type] !== undefined))
      return parseValue({ [set]: elements.map((each) => each[type]) });
  }
  throw validationError("Unsupported data type in Bag. DynamoDB only supports either numbers or strings in bags");
}
