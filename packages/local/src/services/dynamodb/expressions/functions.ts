import { type AttributeValue, type Item, typeOf } from "../values/attribute-value.ts";
import { equal } from "../values/compare.ts";
import type { Condition } from "./condition.ts";
import {
  type BoundOperand,
  bindOperand,
  checkDistinct,
  checkOperandCount,
  checkOperandType,
  misplacedFunction,
} from "./operand.ts";
import { type ExpressionKind, expressionError } from "./reader.ts";
import type { Scope } from "./scope.ts";
import type { Operand } from "./syntax.ts";

interface Call {
  readonly kind: ExpressionKind;
  readonly name: string;
  readonly operands: readonly BoundOperand[];
}

interface TestFunction {
  readonly operands: number;
  readonly bind: (call: Call) => Condition;
}

/** A function that stands as a condition of its own. @throws ValidationException */
export function bindTest(scope: Scope, kind: ExpressionKind, call: Extract<Operand, { kind: "call" }>): Condition {
  const test = Object.hasOwn(TESTS, call.name) ? TESTS[call.name] : undefined;
  if (!test) throw misplacedFunction(kind, call.name);
  checkOperandCount(kind, call.name, call.operands, test.operands);
  const operands = call.operands.map((each) => bindOperand(scope, kind, each));
  return test.bind({ kind, name: call.name, operands });
}

const TESTS: Readonly<Record<string, TestFunction>> = {
  attribute_exists: { operands: 1, bind: (call) => bindExists(call, true) },
  attribute_not_exists: { operands: 1, bind: (call) => bindExists(call, false) },
  attribute_type: { operands: 2, bind: bindType },
  begins_with: { operands: 2, bind: (call) => bindPair(call, ["S", "B"], beginsWith) },
  contains: { operands: 2, bind: (call) => bindPair(call, undefined, contains) },
};

function bindExists({ kind, name, operands }: Call, wanted: boolean): Condition {
  const { of } = needPath(kind, name, operands[0] as BoundOperand);
  return (item) => (of(item) !== undefined) === wanted;
}

function bindType({ kind, name, operands }: Call): Condition {
  const [operand, type] = operands as [BoundOperand, BoundOperand];
  needPath(kind, name, operand);
  const wanted = type.constant;
  if (!wanted) {
    throw expressionError(
      kind,
      `Incorrect operand type for operator or function; operator or function: ${name}, operand type: a document path`,
    );
  }
  checkOperandType(kind, name, type, ["S"]);
  if (!TYPE_NAMES.includes(wanted.S ?? "")) {
    throw expressionError(
      kind,
      `Invalid attribute type name found; type: ${wanted.S}, valid types: {${TYPE_NAMES.join(",")}}`,
    );
  }
  return (item) => {
    const value = operand.of(item);
    return value !== undefined && typeOf(value) === wanted.S;
  };
}

/** In the order in which DynamoDB's message lists them. */
const TYPE_NAMES: readonly string[] = ["N", "BS", "L", "B", "NULL", "M", "S", "SS", "NS", "BOOL"];

function bindPair(
  { kind, name, operands }: Call,
  types: readonly ("S" | "B")[] | undefined,
  holds: (left: AttributeValue, right: AttributeValue) => boolean,
): Condition {
  const [left, right] = operands as [BoundOperand, BoundOperand];
  if (types) for (const each of operands) checkOperandType(kind, name, each, types);
  checkDistinct(kind, name, left, [right]);
  return (item: Item) => {
    const [first, second] = [left.of(item), right.of(item)];
    return first !== undefined && second !== undefined && holds(first, second);
  };
}

function beginsWith(value: AttributeValue, prefix: AttributeValue): boolean {
  if (value.S !== undefined && prefix.S !== undefined) return value.S.startsWith(prefix.S);
  if (value.B === undefined || prefix.B === undefined) return false;
  const start = bytes(prefix.B);
  return bytes(value.B).subarray(0, start.length).equals(start);
}

function contains(whole: AttributeValue, part: AttributeValue): boolean {
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S);
  if (whole.B !== undefined) return part.B !== undefined && bytes(whole.B).includes(bytes(part.B));
  if (whole.SS) return part.S !== undefined && whole.SS.includes(part.S);
  if (whole.NS) return part.N !== undefined && whole.NS.includes(part.N);
  if (whole.BS) return part.B !== undefined && whole.BS.includes(part.B);
  return whole.L?.some((each) => equal(each, part)) ?? false;
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

function needPath(kind: ExpressionKind, name: string, operand: BoundOperand): BoundOperand {
  if (operand.path) return operand;
  throw expressionError(kind, `Operator or function requires a document path; operator or function: ${name}`);
}
