import { remembered } from "../../../kernel/remembered.ts";
import { type AttributeValue, type Item, type TypeName, typeOf } from "../values/attribute-value.ts";
import { compare, equal } from "../values/compare.ts";
import { bindTest } from "./functions.ts";
import { bindOperand, checkDistinct, checkOperandType } from "./operand.ts";
import { parseCondition } from "./parse-condition.ts";
import { type ExpressionKind, expressionError } from "./reader.ts";
import { resolvePath, type Scope } from "./scope.ts";
import type { Comparator, ConditionNode, Operand } from "./syntax.ts";

/** Whether an item meets a condition. */
export type Condition = (item: Item) => boolean;

/** Most operands of IN (developer guide, "Comparison operator and function reference"). */
const MOST_IN_OPERANDS = 100;

const ORDERED_TYPES: readonly TypeName[] = ["S", "N", "B"];

/** The expressions that are conditions. */
type ConditionKind = "ConditionExpression" | "FilterExpression";

const parse: Readonly<Record<ConditionKind, (text: string) => ConditionNode>> = {
  ConditionExpression: remembered(1_000, (text) => parseCondition("ConditionExpression", text)),
  FilterExpression: remembered(1_000, (text) => parseCondition("FilterExpression", text)),
};

/** Makes a condition of an expression and the request's names and values. @throws ValidationException as DynamoDB words it */
export function bindCondition(scope: Scope, kind: ConditionKind, text: string): Condition {
  return bind(scope, kind, parse[kind](text));
}

/** The attributes that a condition looks at. */
export function conditionNames(scope: Scope, kind: ConditionKind, text: string): ReadonlySet<string> {
  return new Set(operandsOf(parse[kind](text)).flatMap((each) => namesIn(scope, kind, each)));
}

/** Makes a condition of a syntax tree. @throws ValidationException as DynamoDB words it */
export function bind(scope: Scope, kind: ExpressionKind, node: ConditionNode): Condition {
  switch (node.kind) {
    case "and": {
      const [left, right] = [bind(scope, kind, node.left), bind(scope, kind, node.right)];
      return (item) => left(item) && right(item);
    }
    case "or": {
      const [left, right] = [bind(scope, kind, node.left), bind(scope, kind, node.right)];
      return (item) => left(item) || right(item);
    }
    case "not": {
      const inner = bind(scope, kind, node.inner);
      return (item) => !inner(item);
    }
    case "test":
      return bindTest(scope, kind, node.call);
    case "compare":
      return bindComparison(scope, kind, node);
    case "between":
      return bindBetween(scope, kind, node);
    case "in":
      return bindIn(scope, kind, node);
  }
}

function bindComparison(
  scope: Scope,
  kind: ExpressionKind,
  { operator, left, right }: Extract<ConditionNode, { kind: "compare" }>,
): Condition {
  const [a, b] = [bindOperand(scope, kind, left), bindOperand(scope, kind, right)];
  if (operator !== "=" && operator !== "<>") {
    for (const each of [a, b]) checkOperandType(kind, operator, each, ORDERED_TYPES);
  }
  checkDistinct(kind, operator, a, [b]);
  const holds = COMPARISONS[operator];
  return (item) => {
    const [first, second] = [a.of(item), b.of(item)];
    if (!first || !second) return operator === "<>";
    return holds(first, second);
  };
}

const COMPARISONS: Readonly<Record<Comparator, (left: AttributeValue, right: AttributeValue) => boolean>> = {
  "=": equal,
  "<>": (left, right) => !equal(left, right),
  "<": (left, right) => (compare(left, right) ?? 0) < 0,
  "<=": (left, right) => (compare(left, right) ?? 1) <= 0,
  ">": (left, right) => (compare(left, right) ?? 0) > 0,
  ">=": (left, right) => (compare(left, right) ?? -1) >= 0,
};

function bindBetween(scope: Scope, kind: ExpressionKind, node: Extract<ConditionNode, { kind: "between" }>): Condition {
  const operand = bindOperand(scope, kind, node.operand);
  const [low, high] = [bindOperand(scope, kind, node.low), bindOperand(scope, kind, node.high)];
  for (const each of [operand, low, high]) checkOperandType(kind, "BETWEEN", each, ORDERED_TYPES);
  if (low.constant && high.constant) checkBounds(kind, low.constant, high.constant);
  checkDistinct(kind, "BETWEEN", operand, [low, high]);
  return (item) => {
    const [value, from, to] = [operand.of(item), low.of(item), high.of(item)];
    if (!value || !from || !to) return false;
    return (compare(value, from) ?? -1) >= 0 && (compare(value, to) ?? 1) <= 0;
  };
}

/** @throws ValidationException where the bounds of a BETWEEN cannot hold anything */
export function checkBounds(kind: ExpressionKind, low: AttributeValue, high: AttributeValue): void {
  const bounds = `lower bound operand: ${showValue(low)}, upper bound operand: ${showValue(high)}`;
  if (typeOf(low) !== typeOf(high)) {
    throw expressionError(kind, `The BETWEEN operator requires same data type for lower and upper bounds; ${bounds}`);
  }
  if ((compare(low, high) ?? 0) > 0) {
    throw expressionError(
      kind,
      `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${bounds}`,
    );
  }
}

function bindIn(scope: Scope, kind: ExpressionKind, node: Extract<ConditionNode, { kind: "in" }>): Condition {
  const operand = bindOperand(scope, kind, node.operand);
  const list = node.list.map((each) => bindOperand(scope, kind, each));
  if (list.length > MOST_IN_OPERANDS) {
    throw expressionError(
      kind,
      `The IN operator is provided with too many operands; number of operands: ${list.length}`,
    );
  }
  checkDistinct(kind, "IN", operand, list);
  return (item) => {
    const value = operand.of(item);
    return value !== undefined && list.some((each) => isEqual(value, each.of(item)));
  };
}

function isEqual(value: AttributeValue, other: AttributeValue | undefined): boolean {
  return other !== undefined && equal(value, other);
}

function showValue(value: AttributeValue): string {
  const type = typeOf(value);
  return `AttributeValue: {${type}:${String(value[type])}}`;
}

function operandsOf(node: ConditionNode): readonly Operand[] {
  switch (node.kind) {
    case "and":
    case "or":
      return [...operandsOf(node.left), ...operandsOf(node.right)];
    case "not":
      return operandsOf(node.inner);
    case "test":
      return [node.call];
    case "compare":
      return [node.left, node.right];
    case "between":
      return [node.operand, node.low, node.high];
    case "in":
      return [node.operand, ...node.list];
  }
}

function namesIn(scope: Scope, kind: ExpressionKind, operand: Operand): string[] {
  if (operand.kind === "call") return operand.operands.flatMap((each) => namesIn(scope, kind, each));
  return operand.kind === "path" ? [String(resolvePath(scope, kind, operand.path)[0])] : [];
}
