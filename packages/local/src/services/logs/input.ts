import type { Members } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";

/** @throws InvalidParameterException where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") {
    throw invalidParameter(
      `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
    );
  }
  return value;
}

/** @throws InvalidParameterException where the member is not a text */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidParameter(`The parameter ${name} must be a string.`);
}

/** A whole number in its limits, or undefined where the member is absent. @throws InvalidParameterException */
export function integerWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidParameter(
    `1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
  );
}

/** A time, milliseconds since the epoch. */
export function optionalTime(input: Members, name: string): number | undefined {
  return integerWithin(input, name, 0, Number.MAX_SAFE_INTEGER);
}

/** A list of texts; an absent member is an empty list. @throws InvalidParameterException */
export function texts(input: Members, name: string): string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw invalidParameter(`The parameter ${name} must be a list of strings.`);
}

/** The log group that a request names, by its name or its ARN. */
export function groupNameOf(input: Members): string {
  const given = optionalText(input, "logGroupName") ?? optionalText(input, "logGroupIdentifier");
  const name = (given ?? requiredText(input, "logGroupName")).replace(/^arn:aws:logs:[^:]*:\d*:log-group:/, "");
  if (/^[\w./#-]{1,512}$/.test(name)) return name;
  throw invalidParameter(
    String.raw`1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`,
  );
}
