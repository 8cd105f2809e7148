import type { Members } from "../../kernel/service.ts";
import { invalidParameter, validationError } from "./errors.ts";

/** @throws ValidationException where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw validationError(null, name, "Member must not be null");
  return value;
}

/** @throws InvalidParameterValueException where the member is not a text */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidParameter(`${name} must be a string.`);
}

/** A whole number in its limits, or undefined where the member is absent; templates also write numbers as texts. @throws ValidationException */
export function integerWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const given = input[name] ?? undefined;
  if (given === undefined) return undefined;
  const value = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  if (typeof value !== "number" || !Number.isInteger(value)) throw invalidParameter(`${name} must be a whole number.`);
  if (value < least) throw validationError(value, name, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw validationError(value, name, `Member must have value less than or equal to ${most}`);
  return value;
}

/** @throws InvalidParameterValueException where the member is neither true nor false */
export function optionalBoolean(input: Members, name: string): boolean | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw invalidParameter(`${name} must be true or false.`);
}

/** A structure or a map, or undefined where the member is absent. @throws InvalidParameterValueException */
export function optionalStructure(input: Members, name: string): Members | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) return value as Members;
  throw invalidParameter(`${name} must be a structure.`);
}

/** A list of texts; an absent member is an empty list. @throws InvalidParameterValueException */
export function texts(input: Members, name: string): string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw invalidParameter(`${name} must be a list of strings.`);
}

/** One of the named values. @throws ValidationException */
export function oneOf<const T extends string>(value: string, name: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) {
    throw validationError(value, name, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
  }
  return found;
}

/** @throws InvalidParameterValueException that names the first member that is not carried out */
export function refuseOthers(input: Members, supported: readonly string[], where: string): void {
  const other = Object.keys(input).find((name) => !supported.includes(name) && input[name] !== undefined);
  if (other !== undefined) throw invalidParameter(`The local region does not serve ${other} of ${where}.`);
}
