import { remembered } from "../../../kernel/remembered.ts";
import { parseWhere } from "../expressions/parse-condition.ts";
import { parsePath } from "../expressions/parse-operand.ts";
import { parseSetValue } from "../expressions/parse-update.ts";
import { type Reader, tokenReader } from "../expressions/reader.ts";
import type { ConditionNode, RawPath, SetValue, UpdateAction } from "../expressions/syntax.ts";
import { validationError } from "../request/errors.ts";
import { PARTIQL_KEYWORDS } from "./keywords.ts";
import { lexStatement } from "./lexer.ts";
import { parseLiteral, type Template } from "./literal.ts";
import type { Returning, SelectBody, Statement, StatementBody } from "./statement.ts";

/** Parses a PartiQL statement as DynamoDB has them (developer guide, "PartiQL"). @throws ValidationException */
export const parseStatement: (text: string) => Statement = remembered(1_000, parse);

/** Functions of SET that stand for the sections ADD and DELETE. */
const SET_FUNCTIONS: ReadonlyMap<string, "ADD" | "DELETE"> = new Map([
  ["set_add", "ADD"],
  ["set_delete", "DELETE"],
]);

const RETURNINGS: readonly Returning[] = ["ALL OLD", "ALL NEW", "MODIFIED OLD", "MODIFIED NEW"];

function parse(text: string): Statement {
  const { tokens, names } = lexStatement(text);
  const values = new Map<string, Template>();
  let parameters = 0;
  const parameter = (): number => parameters++;
  const reader = tokenReader(
    tokens,
    {
      reserved: PARTIQL_KEYWORDS,
      literal: (within) => {
        const template = parseLiteral(within, parameter);
        if (!template) return undefined;
        const name = `:${values.size}`;
        values.set(name, template);
        return { kind: "value", name };
      },
    },
    () => validationError(`Statement wasn't well formed, can't be processed: ${text}`),
  );
  const body = parseBody(reader, (alias) => names.get(alias) ?? alias, parameter);
  reader.accept(";");
  if (reader.peek().kind !== "end") throw reader.unexpected();
  return { body, names, values, parameters };
}

function parseBody(reader: Reader, nameOf: (alias: string) => string, parameter: () => number): StatementBody {
  if (reader.accept("INSERT")) {
    reader.expect("INTO");
    const table = parseTable(reader, nameOf);
    reader.expect("VALUE");
    if (!reader.at("{"))
      throw validationError(
        "Unsupported format in item expression. Please use struct format {...} to express item values for insert statement.",
      );
    return { kind: "insert", table, item: parseLiteral(reader, parameter) as Template };
  }
  if (reader.accept("UPDATE")) {
    const table = parseTable(reader, nameOf);
    const actions = parseActions(reader);
    return { kind: "update", table, actions, where: parseCondition(reader), returning: parseReturning(reader) };
  }
  if (reader.accept("DELETE")) {
    reader.expect("FROM");
    const table = parseTable(reader, nameOf);
    return { kind: "delete", table, where: parseCondition(reader), returning: parseReturning(reader) };
  }
  if (reader.accept("EXISTS")) {
    reader.expect("(");
    const { table, where } = parseSelect(reader, nameOf);
    reader.expect(")");
    return { kind: "exists", table, where };
  }
  return parseSelect(reader, nameOf);
}

function parseSelect(reader: Reader, nameOf: (alias: string) => string): SelectBody {
  reader.expect("SELECT");
  const paths = reader.accept("*") ? undefined : parseShown(reader);
  reader.expect("FROM");
  const table = parseTable(reader, nameOf);
  const index = reader.accept(".") ? parseTable(reader, nameOf) : undefined;
  return { kind: "select", table, index, paths, where: parseCondition(reader), order: parseOrder(reader) };
}

function parseShown(reader: Reader): readonly RawPath[] {
  const paths: RawPath[] = [];
  do paths.push(parsePath(reader));
  while (reader.accept(","));
  if (paths.every((each) => each.length === 1)) return paths;
  throw validationError("The local region does not support SELECT of nested attributes: select the whole attribute.");
}

function parseTable(reader: Reader, nameOf: (alias: string) => string): string {
  const { kind } = reader.peek();
  if (kind !== "name" && kind !== "alias") throw reader.unexpected();
  return nameOf(reader.next().text);
}

function parseActions(reader: Reader): readonly UpdateAction[] {
  const actions: UpdateAction[] = [];
  for (;;) {
    if (reader.accept("SET")) {
      do actions.push(parseSet(reader));
      while (reader.accept(","));
    } else if (reader.accept("REMOVE")) actions.push({ section: "REMOVE", path: parsePath(reader) });
    else if (actions.length > 0) return actions;
    else throw reader.unexpected();
  }
}

function parseSet(reader: Reader): UpdateAction {
  const path = parsePath(reader);
  reader.expect("=");
  const value = parseSetValue(reader);
  return setFunction(path, value) ?? { section: "SET", path, value };
}

function setFunction(path: RawPath, value: SetValue): UpdateAction | undefined {
  const section = value.kind === "call" ? SET_FUNCTIONS.get(value.name.toLowerCase()) : undefined;
  if (value.kind !== "call" || !section) return undefined;
  const [target, operand] = value.operands;
  const name = value.name.toUpperCase();
  if (target?.kind !== "path" || JSON.stringify(target.path) !== JSON.stringify(path)) {
    throw validationError(`The first argument to ${name} must equal the assignment value`);
  }
  if (operand?.kind === "value" && value.operands.length === 2) return { section, path, value: operand.name };
  throw validationError(`The second argument to ${name} must be a value with type SET`);
}

function parseCondition(reader: Reader): ConditionNode | undefined {
  return reader.accept("WHERE") ? parseWhere(reader) : undefined;
}

function parseReturning(reader: Reader): Returning | undefined {
  if (!reader.accept("RETURNING")) return undefined;
  const words = `${reader.next().text} ${reader.next().text}`.toUpperCase();
  const returning = RETURNINGS.find((each) => each === words);
  if (!returning) throw reader.unexpected();
  reader.expect("*");
  return returning;
}

function parseOrder(reader: Reader): SelectBody["order"] {
  if (!reader.accept("ORDER")) return undefined;
  reader.expect("BY");
  const path = parsePath(reader);
  const descending = reader.accept("DESC");
  if (!descending) reader.accept("ASC");
  return { path, descending };
}
