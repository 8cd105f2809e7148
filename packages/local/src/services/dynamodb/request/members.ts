import type { Members } from "../../../kernel/service.ts";
import { serializationError, validationError } from "./errors.ts";

/** Members that DynamoDB has for older clients; expressions replace them (developer guide, "Legacy conditional parameters"). */
const LEGACY = new Set([
  "AttributesToGet",
  "AttributeUpdates",
  "ConditionalOperator",
  "Expected",
  "KeyConditions",
  "QueryFilter",
  "ScanFilter",
]);

/** Refuses, by name, every member that is not carried out here. @throws ValidationException */
export function refuseOthers(input: Members, known: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    if (known.includes(name) || value === undefined || value === null) continue;
    const advice = LEGACY.has(name) ? " Use the expression parameters instead." : "";
    throw validationError(`The local region does not support the parameter ${name} here.${advice}`);
  }
}

/** A string member. @throws ValidationException where it is missing */
export function requiredText(input: Members, name: string): string {
  return optionalText(input, name) ?? missing(name);
}

/** A string member, or undefined. @throws SerializationException where it is not a string */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw serializationError(`${name} is not a string.`);
  return value;
}

/** A boolean member. @default false */
export function flag(input: Members, name: string): boolean {
  const value = input[name] ?? false;
  if (typeof value !== "boolean") throw serializationError(`${name} is not a boolean.`);
  return value;
}

/** A whole number between bounds, or undefined. @throws ValidationException where it lies outside */
export function optionalInteger(
  input: Members,
  name: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value)) throw serializationError(`${name} is not an integer.`);
  if (value < least) throw constraint(value, name, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw constraint(value, name, `Member must have value less than or equal to ${most}`);
  return value;
}

/** A member that has one of some values, or undefined. @throws ValidationException for another value */
export function optionalChoice<T extends string>(input: Members, name: string, values: readonly T[]): T | undefined {
  const value = optionalText(input, name);
  if (value === undefined || values.includes(value as T)) return value as T | undefined;
  throw constraint(value, name, `Member must satisfy enum value set: [${values.join(", ")}]`);
}

/** A list member. @throws ValidationException where it is missing */
export function requiredList(input: Members, name: string): readonly unknown[] {
  return optionalList(input, name) ?? missing(name);
}

/** A list member, or undefined. @throws SerializationException where it is not a list */
export function optionalList(input: Members, name: string): readonly unknown[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw serializationError(`${name} is not a list.`);
  return value;
}

/** A structure or map member. @throws ValidationException where it is missing */
export function requiredMap(input: Members, name: string): Members {
  return optionalMap(input, name) ?? missing(name);
}

/** A structure or map member, or undefined. @throws SerializationException where it is not an object */
export function optionalMap(input: Members, name: string): Members | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  return asMap(value, name);
}

/** A value as a structure or map. @throws SerializationException where it is not an object */
export function asMap(value: unknown, name: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw serializationError(`${name} is not a structure.`);
}

/** A violated constraint, worded as AWS words it. */
export function constraint(value: unknown, name: string, what: string): Error {
  const shown = value === null ? "null" : `'${String(value)}'`;
  return validationError(
    `1 validation error detected: Value ${shown} at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: ${what}`,
  );
}

function missing(name: string): never {
  throw constraint(null, name, "Member must not be null");
}
