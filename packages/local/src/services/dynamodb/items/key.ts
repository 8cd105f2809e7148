import { hash as digest } from "node:crypto";
import { validationError } from "../request/errors.ts";
import { type Index, type KeyAttribute, type KeySchema, keyAttributes, type Table } from "../tables/table.ts";
import { type AttributeValue, attribute, type Item, pick, typeOf } from "../values/attribute-value.ts";
import { equal } from "../values/compare.ts";
import { sortableNumber } from "../values/number.ts";
import { binaryBytes } from "../values/size.ts";

/** A primary key as the state file has it: bytes that sort as DynamoDB sorts. */
export interface EncodedKey {
  /** Begins with four bytes of a digest: a scan goes in the order of the digests, as DynamoDB's does. */
  readonly hash: Uint8Array;
  /** Empty where the table has no range key. */
  readonly range: Uint8Array;
}

/** Longest key values, bytes (developer guide, "Service quotas"). */
const LONGEST_HASH_BYTES = 2048;
const LONGEST_RANGE_BYTES = 1024;

const NO_RANGE = new Uint8Array(0);

/** The key of an item that is to be stored. @throws ValidationException */
export function keyOfItem(table: Table, item: Item): EncodedKey {
  for (const { name, type } of keyAttributes(table.key)) {
    const value = attribute(item, name);
    if (!value) throw invalid(`Missing the key ${name} in the item`);
    if (typeOf(value) !== type) {
      throw invalid(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
  }
  return encodeKey(table.key, item);
}

/** The key in a request's `Key`, which must be the whole key and nothing else. @throws ValidationException */
export function keyOfRequest(schema: KeySchema, key: Item): EncodedKey {
  const attributes = keyAttributes(schema);
  const fits = attributes.every(({ name, type }) => {
    const value = attribute(key, name);
    return value !== undefined && typeOf(value) === type;
  });
  if (!fits || Object.keys(key).length !== attributes.length) {
    throw validationError("The provided key element does not match the schema");
  }
  return encodeKey(schema, key);
}

/** Encodes a key whose types are right. @throws ValidationException for a value that is empty or too long */
export function encodeKey(schema: KeySchema, item: Item): EncodedKey {
  const hash = attribute(item, schema.hash.name) as AttributeValue;
  checkKeyValue(schema.hash, hash, "HASH");
  if (!schema.range) return { hash: encodeHash(hash), range: NO_RANGE };
  const range = attribute(item, schema.range.name) as AttributeValue;
  checkKeyValue(schema.range, range, "RANGE");
  return { hash: encodeHash(hash), range: encodeScalar(range) };
}

/** Where an item stands in an index; undefined where it lacks the index's key, or has no value for it that a key can have. */
export function indexKey(index: Index, item: Item): EncodedKey | undefined {
  const fits = keyAttributes(index.key).every(({ name, type }) => {
    const value = attribute(item, name);
    return value !== undefined && typeOf(value) === type && !isEmpty(value);
  });
  return fits ? encodeKey(index.key, item) : undefined;
}

/** A text that is the same for the same key of the same table. */
export function keyText(table: Table, { hash, range }: EncodedKey): string {
  return `${table.id}/${Buffer.from(hash).toString("base64")}/${Buffer.from(range).toString("base64")}`;
}

/** Checks that an item's attributes, as far as they are not what they were, can stand in the keys of the table's indexes. @throws ValidationException */
export function checkIndexKeys(table: Table, item: Item, before: Item = {}): void {
  for (const index of table.indexes) {
    for (const { name, type } of keyAttributes(index.key)) {
      const value = attribute(item, name);
      if (!value || isSame(value, attribute(before, name))) continue;
      if (typeOf(value) !== type) {
        throw invalid(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index.name}`,
        );
      }
      if (isEmpty(value)) throw emptyKey(value, name, index);
    }
  }
}

/** Whether no key can have the value. */
export function isEmpty(value: AttributeValue): boolean {
  return value.S === "" || value.B === "";
}

/** The error for a key, of a table or of an index, that is empty. */
export function emptyKey(value: AttributeValue, name: string, index?: Index): Error {
  const what = index ? " A value specified for a secondary index key is not supported." : "";
  const where = index ? `IndexName: ${index.name}, IndexKey: ${name}` : `Key: ${name}`;
  return validationError(
    `One or more parameter values are not valid.${what} The AttributeValue for a key attribute cannot contain an empty ${value.S === "" ? "string" : "binary"} value. ${where}`,
  );
}

/** The attributes of an item that are the table's key. */
export function keyItem(table: Table, item: Item): Item {
  return pick(
    item,
    keyAttributes(table.key).map((each) => each.name),
  );
}

/** The bytes of one hash key value. */
export function encodeHash(value: AttributeValue): Uint8Array {
  const bytes = encodeScalar(value);
  return Buffer.concat([digest("md5", bytes, "buffer").subarray(0, 4), bytes]);
}

/** The bytes of one key value, in the order of the values: strings by UTF-8, numbers by size, binaries by byte. */
export function encodeScalar(value: AttributeValue): Uint8Array {
  if (value.S !== undefined) return Buffer.from(value.S, "utf8");
  if (value.N !== undefined) return Buffer.from(sortableNumber(value.N), "latin1");
  return Buffer.from(value.B ?? "", "base64");
}

function isSame(value: AttributeValue, before: AttributeValue | undefined): boolean {
  return before !== undefined && equal(value, before);
}

function checkKeyValue({ name }: KeyAttribute, value: AttributeValue, keyType: "HASH" | "RANGE"): void {
  if (value.N !== undefined) return;
  if (isEmpty(value)) throw emptyKey(value, name);
  const bytes = value.S !== undefined ? Buffer.byteLength(value.S) : binaryBytes(value.B ?? "");
  if (keyType === "HASH" && bytes > LONGEST_HASH_BYTES) {
    throw invalid("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (keyType === "RANGE" && bytes > LONGEST_RANGE_BYTES) {
    throw invalid("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
}

function invalid(what: string): Error {
  return validationError(`One or more parameter values were invalid: ${what}`);
}
