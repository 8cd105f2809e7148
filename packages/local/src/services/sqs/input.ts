import type { Members } from "../../kernel/service.ts";
import { invalidParameter, invalidValue, missingParameter } from "./errors.ts";

/** @throws MissingParameter where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw missingParameter(name);
  return value;
}

/** @throws InvalidParameterValue where the member is not a text */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidParameter(`The parameter ${name} must be a string.`);
}

/** A whole number in its limits, or undefined where the member is absent. @throws InvalidParameterValue */
export function integerWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidValue(value, name, `Must be between ${least} and ${most}, if provided.`);
}

/** A list of texts; an absent member is an empty list. @throws InvalidParameterValue */
export function texts(input: Members, name: string): string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw invalidParameter(`The parameter ${name} must be a list of strings.`);
}

/** A structure or a map; an absent member is an empty one. @throws InvalidParameterValue */
export function structure(input: Members, name: string): Members {
  const value = input[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Members;
  throw invalidParameter(`The parameter ${name} must be a structure.`);
}

/** A map of texts, such as attributes or tags. */
export function textMap(input: Members, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(structure(input, name)).map(([key, value]) => [key, String(value)]));
}
