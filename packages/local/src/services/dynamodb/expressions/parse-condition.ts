import { parseOperand } from "./parse-operand.ts";
import { type ExpressionKind, expressionError, type Reader, readTokens } from "./reader.ts";
import type { Comparator, ConditionNode, Operand } from "./syntax.ts";

const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(["=", "<>", "<", "<=", ">", ">="]);

/** Most operators and functions of one expression (developer guide, "Service quotas: Expression parameters"). */
const MOST_OPERATORS = 300;

/** While it is not yet known whether a text is an operand or a condition, it is either. */
type Part = { readonly condition: ConditionNode } | { readonly operand: Operand };

interface Parsing {
  readonly kind: ExpressionKind;
  readonly reader: Reader;
  operators: number;
  /** What stands in parentheses of its own. */
  readonly parenthesised: Set<ConditionNode | Operand>;
}

/** Parses a condition, filter or key condition. @throws ValidationException with the place of the error */
export function parseCondition(kind: ExpressionKind, text: string): ConditionNode {
  const parsing: Parsing = {
    kind,
    reader: readTokens(kind, text),
    operators: 0,
    parenthesised: new Set(),
  };
  const part = parseOr(parsing);
  if (parsing.reader.peek().kind !== "end") throw parsing.reader.unexpected();
  const condition = needCondition(parsing, part);
  if (parsing.reader.redundantParentheses) throw expressionError(kind, "The expression has redundant parentheses;");
  if (parsing.operators > MOST_OPERATORS) {
    throw expressionError(
      kind,
      `The expression contains too many operators or functions; operator count: ${parsing.operators}`,
    );
  }
  return condition;
}

/** Parses the condition of a PartiQL statement, which ends where something else begins. @throws ValidationException */
export function parseWhere(reader: Reader): ConditionNode {
  const parsing: Parsing = { kind: "ConditionExpression", reader, operators: 0, parenthesised: new Set() };
  return needCondition(parsing, parseOr(parsing));
}

function parseOr(parsing: Parsing): Part {
  let left = parseAnd(parsing);
  while (parsing.reader.at("OR")) {
    const first = needCondition(parsing, left);
    parsing.reader.next();
    left = counted(parsing, { kind: "or", left: first, right: needCondition(parsing, parseAnd(parsing)) });
  }
  return left;
}

function parseAnd(parsing: Parsing): Part {
  let left = parseNot(parsing);
  while (parsing.reader.at("AND")) {
    const first = needCondition(parsing, left);
    parsing.reader.next();
    left = counted(parsing, { kind: "and", left: first, right: needCondition(parsing, parseNot(parsing)) });
  }
  return left;
}

function parseNot(parsing: Parsing): Part {
  if (!parsing.reader.accept("NOT")) return parseComparison(parsing);
  return counted(parsing, { kind: "not", inner: needCondition(parsing, parseNot(parsing)) });
}

function parseComparison(parsing: Parsing): Part {
  const { reader } = parsing;
  const left = parsePrimary(parsing);
  if ("condition" in left) return left;
  if (COMPARATORS.has(reader.peek().text)) {
    const operator = reader.next().text as Comparator;
    return counted(parsing, { kind: "compare", operator, left: left.operand, right: parseOperand(reader) });
  }
  if (reader.accept("BETWEEN")) {
    const low = parseOperand(reader);
    reader.expect("AND");
    return counted(parsing, { kind: "between", operand: left.operand, low, high: parseOperand(reader) });
  }
  if (reader.accept("IN")) return counted(parsing, { kind: "in", operand: left.operand, list: parseList(reader) });
  if (reader.dialect && reader.accept("IS")) return { condition: parseIs(reader, left.operand) };
  return left;
}

function parsePrimary(parsing: Parsing): Part {
  const { reader } = parsing;
  if (!reader.at("(")) {
    if (reader.atKeyword()) throw reader.unexpected();
    return { operand: parseOperand(reader) };
  }
  reader.next();
  const inner = parseOr(parsing);
  reader.expect(")");
  const part = "operand" in inner && isTest(parsing, inner) ? { condition: needCondition(parsing, inner) } : inner;
  const inside = "condition" in part ? part.condition : part.operand;
  // ((a = b)) is refused; ((a = b) AND c = d) is not.
  if (parsing.parenthesised.has(inside)) reader.redundantParentheses = true;
  parsing.parenthesised.add(inside);
  return part;
}

function parseList(reader: Reader): Operand[] {
  const list: Operand[] = [];
  const end = reader.dialect && reader.accept("[") ? "]" : ")";
  if (end === ")") reader.expect("(");
  do list.push(parseOperand(reader));
  while (reader.accept(","));
  reader.expect(end);
  return list;
}

/** `x IS [NOT] MISSING` */
function parseIs(reader: Reader, operand: Operand): ConditionNode {
  const name = reader.accept("NOT") ? "attribute_exists" : "attribute_not_exists";
  reader.expect("MISSING");
  return { kind: "test", call: { kind: "call", name, operands: [operand] } };
}

/** Whether an operand in parentheses stands as a condition: a function call that nothing compares. */
function isTest({ reader }: Parsing, { operand }: { readonly operand: Operand }): boolean {
  return operand.kind === "call" && !COMPARATORS.has(reader.peek().text) && !reader.at("BETWEEN") && !reader.at("IN");
}

function needCondition(parsing: Parsing, part: Part): ConditionNode {
  if ("condition" in part) return part.condition;
  if (part.operand.kind !== "call") throw parsing.reader.unexpected();
  parsing.operators++;
  return { kind: "test", call: part.operand };
}

function counted(parsing: Parsing, condition: ConditionNode): Part {
  parsing.operators++;
  return { condition };
}
