import { remembered } from "../../../kernel/remembered.ts";
import { emptyKey, encodeHash, encodeScalar, isEmpty } from "../items/key.ts";
import { validationError } from "../request/errors.ts";
import type { Index, KeyAttribute, KeySchema } from "../tables/table.ts";
import { type AttributeValue, typeOf } from "../values/attribute-value.ts";
import { checkBounds } from "./condition.ts";
import { checkOperandType } from "./operand.ts";
import { parseCondition } from "./parse-condition.ts";
import { type Path, resolvePath, resolveValue, type Scope } from "./scope.ts";
import type { ConditionNode, Operand } from "./syntax.ts";

/** Where a range key must lie: bytes, each bound with whether it belongs itself. */
export interface Bounds {
  readonly low?: Uint8Array;
  readonly includesLow?: boolean;
  readonly high?: Uint8Array;
  readonly includesHigh?: boolean;
}

/** What a query reads. */
export interface KeyRange {
  readonly hash: Uint8Array;
  readonly bounds: Bounds;
}

/** One condition on one attribute of the key. */
interface Part {
  readonly name: string;
  readonly operator: string;
  readonly values: readonly AttributeValue[];
}

const KIND = "KeyConditionExpression";

const parse = remembered(1_000, (text) => parseCondition(KIND, text));

/** Reads a key condition of a table, or of an index of it. @throws ValidationException as DynamoDB words it */
export function bindKeyCondition(scope: Scope, key: KeySchema, text: string, index?: Index): KeyRange {
  const parts = flatten(parse(text)).map((node) => bindPart(scope, node));
  if (new Set(parts.map((each) => each.name)).size < parts.length) {
    throw validationError("KeyConditionExpressions must only contain one condition per key");
  }
  if (parts.length > 2) throw validationError("Conditions can be of length 1 or 2 only");
  const hash = parts.find((each) => each.name === key.hash.name);
  if (!hash) throw missingKey(key.hash);
  if (hash.operator !== "=") throw validationError("Query key condition not supported");
  const range = parts.find((each) => each !== hash);
  if (range && range.name !== key.range?.name) throw missingKey(key.range ?? key.hash);
  checkValues(key.hash, hash, index);
  if (range && key.range) checkValues(key.range, range, index);
  return { hash: encodeHash(hash.values[0] as AttributeValue), bounds: range ? boundsOf(range) : {} };
}

function flatten(node: ConditionNode): ConditionNode[] {
  return node.kind === "and" ? [...flatten(node.left), ...flatten(node.right)] : [node];
}

function bindPart(scope: Scope, node: ConditionNode): Part {
  switch (node.kind) {
    case "compare":
      if (node.operator === "<>") throw invalidOperator(node.operator);
      return node.left.kind === "value"
        ? bindOperands(scope, MIRRORED[node.operator] ?? node.operator, node.right, [node.left])
        : bindOperands(scope, node.operator, node.left, [node.right]);
    case "between": {
      const part = bindOperands(scope, "BETWEEN", node.operand, [node.low, node.high]);
      checkBounds(KIND, part.values[0] as AttributeValue, part.values[1] as AttributeValue);
      return part;
    }
    case "test": {
      if (node.call.name !== "begins_with") throw invalidOperator(node.call.name);
      const [operand, ...prefix] = node.call.operands;
      if (!operand || prefix.length !== 1) {
        throw validationError(
          `Invalid KeyConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: ${node.call.operands.length}`,
        );
      }
      const part = bindOperands(scope, "begins_with", operand, prefix);
      const [constant] = part.values;
      if (constant) checkOperandType(KIND, "begins_with", { of: () => constant, type: typeOf(constant) }, ["S", "B"]);
      return part;
    }
    default:
      throw invalidOperator(node.kind.toUpperCase());
  }
}

const MIRRORED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function bindOperands(scope: Scope, operator: string, operand: Operand, values: readonly Operand[]): Part {
  const constants = values.map((each) => {
    if (each.kind === "value") return resolveValue(scope, KIND, each.name);
    if (each.kind === "call") throw nestedOperation();
    throw validationError(
      "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    );
  });
  if (operand.kind === "call") throw nestedOperation();
  if (operand.kind === "value") {
    throw validationError("Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  return { name: keyName(resolvePath(scope, KIND, operand.path)), operator, values: constants };
}

function keyName(path: Path): string {
  if (path.length === 1) return String(path[0]);
  throw validationError(
    `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: ${path[0]}`,
  );
}

function checkValues({ name, type }: KeyAttribute, { values }: Part, index: Index | undefined): void {
  for (const value of values) {
    if (typeOf(value) !== type) {
      throw validationError(
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
      );
    }
    if (isEmpty(value)) throw emptyKey(value, name, index);
  }
}

function boundsOf({ operator, values }: Part): Bounds {
  const [first = new Uint8Array(), second = new Uint8Array()] = values.map(encodeScalar);
  switch (operator) {
    case "=":
      return { low: first, includesLow: true, high: first, includesHigh: true };
    case "<":
      return { high: first };
    case "<=":
      return { high: first, includesHigh: true };
    case ">":
      return { low: first };
    case ">=":
      return { low: first, includesLow: true };
    case "BETWEEN":
      return { low: first, includesLow: true, high: second, includesHigh: true };
    default: {
      const end = afterPrefix(first);
      return { low: first, includesLow: true, ...(end && { high: end }) };
    }
  }
}

/** The first bytes that no longer begin with the prefix; undefined where there are none. */
function afterPrefix(prefix: Uint8Array): Uint8Array | undefined {
  const last = prefix.findLastIndex((byte) => byte < 255);
  if (last < 0) return undefined;
  const end = Uint8Array.from(prefix.subarray(0, last + 1));
  end[last] = (end[last] ?? 0) + 1;
  return end;
}

function missingKey({ name }: KeyAttribute): Error {
  return validationError(`Query condition missed key schema element: ${name}`);
}

function invalidOperator(operator: string): Error {
  return validationError(`Invalid operator used in KeyConditionExpression: ${operator}`);
}

function nestedOperation(): Error {
  return validationError("KeyConditionExpressions cannot contain nested operations");
}
