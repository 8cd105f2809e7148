import { parseOperand, parsePath } from "./parse-operand.ts";
import { expressionError, type Reader, readTokens } from "./reader.ts";
import type { SetValue, UpdateAction } from "./syntax.ts";

const SECTIONS = ["SET", "REMOVE", "ADD", "DELETE"] as const;

/** Parses an update expression. @throws ValidationException with the place of the error */
export function parseUpdate(text: string): readonly UpdateAction[] {
  const reader = readTokens("UpdateExpression", text);
  const actions: UpdateAction[] = [];
  const seen = new Set<string>();
  while (reader.peek().kind !== "end") {
    const section = SECTIONS.find((each) => reader.at(each));
    if (!section) throw reader.unexpected();
    reader.next();
    if (seen.has(section)) {
      throw expressionError(
        "UpdateExpression",
        `The "${section}" section can only be used once in an update expression;`,
      );
    }
    seen.add(section);
    do actions.push(parseAction(reader, section));
    while (reader.accept(","));
  }
  return actions;
}

function parseAction(reader: Reader, section: UpdateAction["section"]): UpdateAction {
  const path = parsePath(reader);
  if (section === "REMOVE") return { section, path };
  if (section === "SET") {
    reader.expect("=");
    return { section, path, value: parseSetValue(reader) };
  }
  if (reader.peek().kind !== "value") throw reader.unexpected();
  return { section, path, value: reader.next().text };
}

/** Parses the right side of a SET: an operand, a sum or a difference. @throws ValidationException with the place of the error */
export function parseSetValue(reader: Reader): SetValue {
  const left = reader.at("(") ? parseParenthesised(reader) : parseOperand(reader);
  if (left.kind === "sum") return left;
  for (const sign of ["+", "-"] as const) {
    if (reader.accept(sign)) return { kind: "sum", sign, left, right: parseOperand(reader) };
  }
  return left;
}

function parseParenthesised(reader: Reader): SetValue {
  reader.expect("(");
  const inner = parseSetValue(reader);
  reader.expect(")");
  return inner;
}
