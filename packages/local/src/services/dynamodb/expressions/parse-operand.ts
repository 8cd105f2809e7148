import type { Reader } from "./reader.ts";
import type { Operand, RawPath } from "./syntax.ts";

/** Parses a document path, a value or a function call, in parentheses or not. */
export function parseOperand(reader: Reader): Operand {
  if (reader.accept("(")) {
    if (reader.at("(")) reader.redundantParentheses = true;
    const inner = parseOperand(reader);
    reader.expect(")");
    return inner;
  }
  const literal = reader.dialect?.literal(reader);
  if (literal) return literal;
  const { kind } = reader.peek();
  if (kind === "value") return { kind: "value", name: reader.next().text };
  if (kind === "name" && reader.peek(1).text === "(" && !reader.atKeyword()) return parseCall(reader);
  return { kind: "path", path: parsePath(reader) };
}

/** Parses `a.b[0].#c`. */
export function parsePath(reader: Reader): RawPath {
  const path: (string | number)[] = [parseName(reader)];
  for (;;) {
    if (reader.accept(".")) path.push(parseName(reader));
    else if (reader.accept("[")) {
      if (reader.peek().kind !== "number") throw reader.unexpected();
      path.push(Number(reader.next().text));
      reader.expect("]");
    } else return path;
  }
}

function parseName(reader: Reader): string {
  const { kind, text } = reader.peek();
  const reserved = kind === "name" && reader.dialect?.reserved.has(text.toUpperCase());
  if ((kind !== "name" && kind !== "alias") || reader.atKeyword() || reserved) throw reader.unexpected();
  return reader.next().text;
}

function parseCall(reader: Reader): Extract<Operand, { kind: "call" }> {
  const name = reader.next().text;
  const operands: Operand[] = [];
  reader.expect("(");
  do operands.push(parseOperand(reader));
  while (reader.accept(","));
  reader.expect(")");
  return { kind: "call", name, operands };
}
