import { type AttributeValue, type Item, typeOf } from "./attribute-value.ts";
import { numberBytes } from "./number.ts";

/** The bytes of an item by DynamoDB's own count (developer guide, "Item sizes and formats"): names and values. */
export function itemBytes(item: Item): number {
  let bytes = 0;
  for (const name of Object.keys(item)) bytes += Buffer.byteLength(name) + valueBytes(item[name] as AttributeValue);
  return bytes;
}

/** The bytes of one value by DynamoDB's own count: a list or map counts three, and one for each element. */
function valueBytes(value: AttributeValue): number {
  switch (typeOf(value)) {
    case "S":
      return Buffer.byteLength(value.S ?? "");
    case "N":
      return numberBytes(value.N ?? "0");
    case "B":
      return binaryBytes(value.B ?? "");
    case "SS":
      return total(value.SS ?? [], (each) => Buffer.byteLength(each));
    case "NS":
      return total(value.NS ?? [], numberBytes);
    case "BS":
      return total(value.BS ?? [], binaryBytes);
    case "L":
      return 3 + total(value.L ?? [], (each) => 1 + valueBytes(each));
    case "M":
      return 3 + Object.keys(value.M ?? {}).length + itemBytes(value.M ?? {});
    default:
      return 1;
  }
}

/** The bytes that a base64 text stands for. */
export function binaryBytes(base64: string): number {
  return Buffer.byteLength(base64, "base64");
}

function total<T>(values: readonly T[], bytes: (value: T) => number): number {
  return values.reduce((sum, value) => sum + bytes(value), 0);
}
