import { validationError } from "../request/errors.ts";
import { type Index, keyAttributes, type Table } from "../tables/table.ts";
import { attribute, type Item, typeOf } from "../values/attribute-value.ts";
import { encodeKey } from "./key.ts";
import type { Position } from "./rows.ts";

/** The place that an ExclusiveStartKey names: the attributes of the table's key and the index's, and no others. @throws ValidationException */
export function readPosition(table: Table, index: Index | undefined, key: Item): Position {
  const attributes = [...keyAttributes(table.key), ...(index ? keyAttributes(index.key) : [])];
  const names = new Set(attributes.map((each) => each.name));
  const fits = attributes.every(({ name, type }) => {
    const value = attribute(key, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(key).length !== names.size) throw validationError("The provided starting key is invalid");
  const item = encodeKey(table.key, key);
  const place = index ? encodeKey(index.key, key) : item;
  return { hash: place.hash, range: place.range, itemHash: item.hash, itemRange: item.range };
}
