import type { Members } from "../../kernel/service.ts";
import { Timestamp } from "../../kernel/timestamp.ts";
import { invalidValue, missing } from "./errors.ts";

/** @throws InvalidParameterValue where the member is not a text */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidValue(`The parameter ${name} must be a string.`);
}

/** @throws MissingParameter where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw missing(name);
  return value;
}

/** A text that is one of some, or undefined where the member is absent. @throws InvalidParameterValue */
export function optionalChoice<T extends string>(input: Members, name: string, choices: readonly T[]): T | undefined {
  const value = optionalText(input, name);
  if (value === undefined || choices.includes(value as T)) return value as T | undefined;
  throw invalidValue(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(", ")}]`,
  );
}

/** A number, which the Query protocol and templates may give as a text. @throws InvalidParameterValue */
export function optionalNumber(input: Members, name: string): number | undefined {
  const value = input[name] ?? undefined;
  return value === undefined ? undefined : toNumber(value, name);
}

/** A whole number in its limits, or undefined where the member is absent. @throws InvalidParameterValue */
export function integerWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const value = optionalNumber(input, name);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  throw invalidValue(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
  );
}

/** @throws InvalidParameterValue where an element is no finite number */
export function numbers(input: Members, name: string): readonly number[] {
  return list(input, name).map((each) => toNumber(each, name));
}

/** @throws InvalidParameterValue where an element is no text */
export function texts(input: Members, name: string): readonly string[] {
  const values = list(input, name);
  if (values.every((each) => typeof each === "string")) return values;
  throw invalidValue(`The parameter ${name} must be a list of strings.`);
}

/** @throws InvalidParameterValue where an element is no structure */
export function structures(input: Members, name: string): readonly Members[] {
  return list(input, name).map((each) => {
    if (typeof each === "object" && each !== null && !Array.isArray(each)) return each as Members;
    throw invalidValue(`The parameter ${name} must be a list of structures.`);
  });
}

/** A nested structure, or undefined where it is absent. @throws InvalidParameterValue */
export function optionalStructure(input: Members, name: string): Members | undefined {
  const value = input[name] ?? undefined;
  return value === undefined ? undefined : structures({ [name]: [value] }, name)[0];
}

/** True and false, also as texts; undefined where the member is absent. */
export function optionalBoolean(input: Members, name: string): boolean | undefined {
  const value = input[name] ?? undefined;
  return value === undefined ? undefined : String(value) === "true";
}

/** A moment, milliseconds since the epoch: JSON gives seconds, Query ISO 8601. @throws InvalidParameterValue */
export function optionalTime(input: Members, name: string): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (value instanceof Timestamp) return value.ms;
  const ms = Number.isFinite(Number(value)) ? Number(value) * 1_000 : Date.parse(String(value));
  if (Number.isFinite(ms)) return Math.round(ms);
  throw invalidValue(`The parameter ${name} must be a timestamp, not ${JSON.stringify(value)}.`);
}

/** @throws MissingParameter where the member is absent */
export function requiredTime(input: Members, name: string): number {
  const ms = optionalTime(input, name);
  if (ms === undefined) throw missing(name);
  return ms;
}

function list(input: Members, name: string): readonly unknown[] {
  const value = input[name] ?? [];
  if (Array.isArray(value)) return value;
  throw invalidValue(`The parameter ${name} must be a list.`);
}

function toNumber(value: unknown, name: string): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number;
  throw invalidValue(`The value ${String(value)} for parameter ${name} is invalid: it must be a number.`);
}
