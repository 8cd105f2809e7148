import type { Members } from "../../kernel/service.ts";
import { invalidParameter } from "./errors.ts";

/** @throws InvalidParameter where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value === undefined || value === "") throw invalidParameter(`${name} Reason: no value for required parameter`);
  return value;
}

/** @throws InvalidParameter where the member is not a text */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidParameter(`${name} Reason: it must be a string`);
}

/** A structure or a map; an absent member is an empty one. @throws InvalidParameter */
export function structure(input: Members, name: string): Members {
  const value = input[name] || {};
  if (isMap(value)) return value;
  throw invalidParameter(`${name} Reason: it must be a map`);
}

/** A map of texts, such as attributes. */
export function textMap(input: Members, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(structure(input, name)).map(([key, value]) => [key, String(value)]));
}

/** A JSON object in a text. @throws InvalidParameter that names the parameter */
export function readJsonMap(text: string, name: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalidParameter(`${name}: failed to parse JSON. ${String(cause)}`);
  }
  if (isMap(value)) return value;
  throw invalidParameter(`${name}: it must be a JSON object`);
}

export function isMap(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
