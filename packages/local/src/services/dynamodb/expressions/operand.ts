import { type AttributeValue, attribute, type Item, type TypeName, typeOf } from "../values/attribute-value.ts";
import { binaryBytes } from "../values/size.ts";
import { type ExpressionKind, expressionError } from "./reader.ts";
import { type Path, resolvePath, resolveValue, type Scope, showPath } from "./scope.ts";
import type { Operand } from "./syntax.ts";

/** An operand that is bound to a request's names and values. */
export interface BoundOperand {
  /** Its value for an item; undefined where the item has none. */
  readonly of: (item: Item) => AttributeValue | undefined;
  /** The value, where it is the same for every item. */
  readonly constant?: AttributeValue;
  /** The path, where it is one. */
  readonly path?: Path;
  /** The type, where it is the same for every item. */
  readonly type?: TypeName;
}

/** Binds an operand of a condition. @throws ValidationException */
export function bindOperand(scope: Scope, kind: ExpressionKind, operand: Operand): BoundOperand {
  if (operand.kind === "value") {
    const constant = resolveValue(scope, kind, operand.name);
    return { of: () => constant, constant, type: typeOf(constant) };
  }
  if (operand.kind === "path") {
    const path = resolvePath(scope, kind, operand.path);
    return { of: (item) => valueAt(item, path), path };
  }
  if (operand.name !== "size") throw misplacedFunction(kind, operand.name);
  return bindSize(scope, kind, operand.operands);
}

/** The value at a path of an item, or undefined. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value = attribute(item, path[0] as string);
  for (let depth = 1; depth < path.length && value; depth++) {
    const part = path[depth] as string | number;
    if (typeof part === "number") value = value.L?.[part];
    else value = value.M && attribute(value.M, part);
  }
  return value;
}

/** @throws ValidationException where the operand is a value of another type than these */
export function checkOperandType(
  kind: ExpressionKind,
  operator: string,
  { type }: BoundOperand,
  types: readonly TypeName[],
): void {
  if (!type || types.includes(type)) return;
  throw expressionError(
    kind,
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}

/** @throws ValidationException for a function that takes another number of operands */
export function checkOperandCount(
  kind: ExpressionKind,
  name: string,
  operands: readonly Operand[],
  count: number,
): void {
  if (operands.length === count) return;
  throw expressionError(
    kind,
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands.length}`,
  );
}

/** @throws ValidationException where an operator compares a path with itself */
export function checkDistinct(
  kind: ExpressionKind,
  operator: string,
  first: BoundOperand,
  rest: readonly BoundOperand[],
): void {
  if (!first.path) return;
  const shown = showPath(first.path);
  if (!rest.some((each) => each.path && showPath(each.path) === shown)) return;
  throw expressionError(
    kind,
    `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${shown}`,
  );
}

/** The error for a function that does not exist, or not in this place. */
export function misplacedFunction(kind: ExpressionKind, name: string): Error {
  const message = FUNCTIONS.has(name)
    ? kind === "UpdateExpression"
      ? "The function is not allowed in an update expression"
      : UPDATE_FUNCTIONS.has(name)
        ? "The function is not allowed in a condition expression"
        : "The function is not allowed to be used this way in an expression"
    : "Invalid function name";
  return expressionError(kind, `${message}; function: ${name}`);
}

const UPDATE_FUNCTIONS = new Set(["if_not_exists", "list_append"]);

const FUNCTIONS = new Set([
  ...UPDATE_FUNCTIONS,
  "attribute_exists",
  "attribute_not_exists",
  "attribute_type",
  "begins_with",
  "contains",
  "size",
]);

function bindSize(scope: Scope, kind: ExpressionKind, operands: readonly Operand[]): BoundOperand {
  checkOperandCount(kind, "size", operands, 1);
  const operand = bindOperand(scope, kind, operands[0] as Operand);
  checkOperandType(kind, "size", operand, ["S", "B", "SS", "NS", "BS", "L", "M"]);
  return {
    type: "N",
    of: (item) => {
      const value = operand.of(item);
      const size = value && sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    },
  };
}

function sizeOf(value: AttributeValue): number | undefined {
  if (value.S !== undefined) return value.S.length;
  if (value.B !== undefined) return binaryBytes(value.B);
  const elements = value.SS ?? value.NS ?? value.BS ?? value.L ?? (value.M && Object.keys(value.M));
  return elements?.length;
}
