import { type AttributeValue, type Item, typeOf } from "./attribute-value.ts";
import { sortableNumber } from "./number.ts";

/** Whether two values are the same: of one type, and equal; sets in any order. */
export function equal(left: AttributeValue, right: AttributeValue): boolean {
  const type = typeOf(left);
  if (type !== typeOf(right)) return false;
  if (type === "L") return sameList(left.L ?? [], right.L ?? []);
  if (type === "M") return sameMap(left.M ?? {}, right.M ?? {});
  // Canonical scalars are equal as text, and sets are kept sorted.
  const [a, b] = [left[type], right[type]];
  return Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((each, i) => each === b[i]) : a === b;
}

/** Negative, zero or positive as `left` sorts before, with or after `right`; undefined where the two have no order. */
export function compare(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.N !== undefined && right.N !== undefined)
    return compareText(sortableNumber(left.N), sortableNumber(right.N));
  if (left.S !== undefined && right.S !== undefined) return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  if (left.B !== undefined && right.B !== undefined) {
    return Buffer.compare(Buffer.from(left.B, "base64"), Buffer.from(right.B, "base64"));
  }
  return undefined;
}

function sameList(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  return left.length === right.length && left.every((each, index) => equal(each, right[index] as AttributeValue));
}

function sameMap(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every(
    (name) => Object.hasOwn(right, name) && equal(left[name] as AttributeValue, right[name] as AttributeValue),
  );
}

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
