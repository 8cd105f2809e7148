import { validationError } from "../request/errors.ts";
import { type AttributeValue, type Item, typeOf } from "../values/attribute-value.ts";
import { addNumbers } from "../values/number.ts";
import { parseValue } from "../values/validate.ts";
import { valueAt } from "./operand.ts";
import type { Path } from "./scope.ts";

/** What ADD makes of the value at a path: a sum, or a union. @throws ValidationException where the types differ */
export function addTo(item: Item, path: Path, operand: AttributeValue): AttributeValue {
  const value = valueAt(item, path);
  if (!value) return operand;
  if (typeOf(value) !== typeOf(operand)) throw wrongType();
  if (value.N !== undefined && operand.N !== undefined) return { N: addNumbers(value.N, operand.N) };
  return withElements(value, new Set([...elements(value), ...elements(operand)]));
}

/** What DELETE makes of the set at a path; undefined where nothing is left of it. @throws ValidationException where the types differ */
export function deleteFrom(item: Item, path: Path, operand: AttributeValue): AttributeValue | undefined {
  const value = valueAt(item, path);
  if (!value) return undefined;
  if (typeOf(value) !== typeOf(operand)) throw wrongType();
  const removed = new Set(elements(operand));
  const left = elements(value).filter((each) => !removed.has(each));
  return left.length === 0 ? undefined : withElements(value, left);
}

/** The error for an operand whose type does not fit, known only once the item is. */
export function wrongType(): Error {
  return validationError("An operand in the update expression has an incorrect data type");
}

function elements(value: AttributeValue): readonly string[] {
  return value.SS ?? value.NS ?? value.BS ?? [];
}

/** A set of the same type, its elements in canonical order. */
function withElements(value: AttributeValue, set: Iterable<string>): AttributeValue {
  return parseValue({ [typeOf(value)]: [...set] });
}
