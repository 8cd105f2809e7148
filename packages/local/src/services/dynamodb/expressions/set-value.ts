import { validationError } from "../request/errors.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { addNumbers } from "../values/number.ts";
import { type BoundOperand, bindOperand, checkOperandCount, checkOperandType, misplacedFunction } from "./operand.ts";
import { expressionError } from "./reader.ts";
import type { Scope } from "./scope.ts";
import type { Operand, SetValue } from "./syntax.ts";
import { wrongType } from "./update-sets.ts";

/** A value that is computed from the item as it was; undefined: there is none. */
export type Computed = (item: Item) => AttributeValue | undefined;

const KIND = "UpdateExpression";

/** Binds the right side of a SET. @throws ValidationException, also later, where the item does not fit it */
export function bindSetValue(scope: Scope, value: SetValue): Computed {
  return value.kind === "sum" ? bindSum(scope, value) : needed(bindSetOperand(scope, value));
}

function bindSum(scope: Scope, { sign, left, right }: Extract<SetValue, { kind: "sum" }>): Computed {
  const [a, b] = [bindSetOperand(scope, left), bindSetOperand(scope, right)];
  for (const each of [a, b]) checkOperandType(KIND, sign, each, ["N"]);
  const [first, second] = [needed(a), needed(b)];
  return (item) => {
    const [x, y] = [first(item), second(item)];
    if (x.N === undefined || y.N === undefined) throw wrongType();
    return { N: addNumbers(x.N, y.N, sign === "+" ? 1n : -1n) };
  };
}

function bindSetOperand(scope: Scope, operand: Operand): BoundOperand {
  if (operand.kind !== "call") return bindOperand(scope, KIND, operand);
  if (operand.name === "if_not_exists") return bindIfNotExists(scope, operand.operands);
  if (operand.name === "list_append") return bindListAppend(scope, operand.operands);
  throw misplacedFunction(KIND, operand.name);
}

function bindIfNotExists(scope: Scope, operands: readonly Operand[]): BoundOperand {
  checkOperandCount(KIND, "if_not_exists", operands, 2);
  const [path, otherwise] = operands.map((each) => bindSetOperand(scope, each)) as [BoundOperand, BoundOperand];
  if (!path.path) {
    throw expressionError(KIND, "Operator or function requires a document path; operator or function: if_not_exists");
  }
  return { of: (item) => path.of(item) ?? otherwise.of(item) };
}

function bindListAppend(scope: Scope, operands: readonly Operand[]): BoundOperand {
  checkOperandCount(KIND, "list_append", operands, 2);
  const [a, b] = operands.map((each) => bindSetOperand(scope, each)) as [BoundOperand, BoundOperand];
  for (const each of [a, b]) checkOperandType(KIND, "list_append", each, ["L"]);
  const [first, second] = [needed(a), needed(b)];
  return {
    of: (item) => {
      const [x, y] = [first(item), second(item)];
      if (!x.L || !y.L) throw wrongType();
      return { L: [...x.L, ...y.L] };
    },
  };
}

function needed(operand: BoundOperand): (item: Item) => AttributeValue {
  return (item) => {
    const value = operand.of(item);
    if (value) return value;
    throw validationError("The provided expression refers to an attribute that does not exist in the item");
  };
}
