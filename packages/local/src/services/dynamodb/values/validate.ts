import { serializationError, validationError } from "../request/errors.ts";
import { type AttributeValue, type Item, setAttribute, type TypeName } from "./attribute-value.ts";
import { canonicalNumber, sortableNumber } from "./number.ts";

/** The deepest nesting of lists and maps, the item itself included (developer guide, "Service quotas: Nested attributes"). */
const DEEPEST_NESTING = 32;

/** Checks the attributes of a request and brings them to canonical form. @throws ValidationException as DynamoDB words it */
export function parseItem(raw: unknown, depth = 1): Item {
  if (!isRecord(raw)) throw serializationError("A map of attribute values was expected.");
  const item: Record<string, AttributeValue> = {};
  for (const name of Object.keys(raw)) {
    if (name === "")
      throw validationError("One or more parameter values were invalid: An attribute name may not be empty");
    setAttribute(item, name, parseValue(raw[name], depth));
  }
  return item;
}

/** Checks one attribute value of a request and brings it to canonical form. @throws ValidationException as DynamoDB words it */
export function parseValue(raw: unknown, depth = 0): AttributeValue {
  if (!isRecord(raw)) throw serializationError("An attribute value was expected.");
  const [type, another] = Object.keys(raw).filter((key) => Object.hasOwn(PARSERS, key) && raw[key] !== null);
  if (type === undefined) {
    throw validationError("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  }
  if (another !== undefined) {
    throw validationError(
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
    );
  }
  if (depth === DEEPEST_NESTING && (type === "L" || type === "M")) {
    throw validationError(
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
    );
  }
  return PARSERS[type as TypeName](raw[type], depth);
}

const PARSERS: Readonly<Record<TypeName, (raw: unknown, depth: number) => AttributeValue>> = {
  S: (raw) => ({ S: string(raw, "S") }),
  N: (raw) => ({ N: canonicalNumber(string(raw, "N")) }),
  B: (raw) => ({ B: base64(raw, "B") }),
  BOOL: (raw) => ({ BOOL: boolean(raw, "BOOL") }),
  NULL: (raw) => {
    if (boolean(raw, "NULL")) return { NULL: true };
    throw invalid("Null attribute value types must have the value of true");
  },
  SS: (raw) => ({ SS: set(raw, "SS", "string", (each) => string(each, "SS")).sort() }),
  NS: (raw) => ({
    NS: set(raw, "NS", "number", (each) => canonicalNumber(string(each, "NS"))).sort(byNumber),
  }),
  BS: (raw) => ({ BS: set(raw, "BS", "binary", (each) => base64(each, "BS")).sort() }),
  L: (raw, depth) => ({ L: array(raw, "L").map((each) => parseValue(each, depth + 1)) }),
  M: (raw, depth) => ({ M: parseItem(raw, depth + 1) }),
};

function set(raw: unknown, type: TypeName, noun: string, parse: (each: unknown) => string): string[] {
  const values = array(raw, type).map(parse);
  if (values.length === 0) throw invalid(`An ${noun} set  may not be empty`);
  if (new Set(values).size === values.length) return values;
  throw type === "SS"
    ? invalid(`Input collection [${values.join(", ")}] contains duplicates`)
    : type === "NS"
      ? validationError("Input collection contains duplicates")
      : invalid(`Input collection of type ${type} contains duplicates.`);
}

function byNumber(left: string, right: string): number {
  return sortableNumber(left) < sortableNumber(right) ? -1 : 1;
}

function string(raw: unknown, type: TypeName): string {
  if (typeof raw !== "string") throw serializationError(`The value of type ${type} is not a string.`);
  return raw;
}

function boolean(raw: unknown, type: TypeName): boolean {
  if (typeof raw !== "boolean") throw serializationError(`The value of type ${type} is not a boolean.`);
  return raw;
}

function array(raw: unknown, type: TypeName): unknown[] {
  if (!Array.isArray(raw)) throw serializationError(`The value of type ${type} is not a list.`);
  return raw;
}

function base64(raw: unknown, type: TypeName): string {
  const bytes = Buffer.from(string(raw, type), "base64");
  const text = bytes.toString("base64");
  if (text !== raw) throw serializationError(`The value of type ${type} is not base64.`);
  return text;
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function invalid(what: string): Error {
  return validationError(`One or more parameter values were invalid: ${what}`);
}
