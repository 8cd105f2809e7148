import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { Item } from "../statements.ts";

/** What DynamoDB counts of an item, bytes, rounded up a little (developer guide, "DynamoDB item sizes and formats"). */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + 1 + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.N !== undefined) return value.N.length + 2;
  if (value.M !== undefined) return 3 + itemBytes(value.M);
  if (value.L !== undefined) return value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 3);
  return 1;
}
