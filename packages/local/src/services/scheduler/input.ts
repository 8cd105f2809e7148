import type { Members } from "../../kernel/service.ts";
import { ServiceError } from "../../kernel/service-error.ts";

export function invalid(message: string): ServiceError {
  return new ServiceError("ValidationException", message);
}

/** @throws ValidationException where the member is not a text */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalid(`${name} must be a string.`);
}

/** @throws ValidationException where the member is absent or empty */
export function requiredText(input: Members, name: string): string {
  const value = optionalText(input, name);
  if (value) return value;
  throw invalid(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A structure; an absent one is empty. @throws ValidationException */
export function structure(input: Members, name: string): Members {
  const value = input[name] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Members;
  throw invalid(`${name} must be a structure.`);
}

/** A whole number in its limits; templates also write numbers as texts. @throws ValidationException */
export function integerWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const given = input[name] ?? undefined;
  const value = Number(given);
  if (given === undefined || (Number.isInteger(value) && value >= least && value <= most)) {
    return given === undefined ? undefined : value;
  }
  throw invalid(`${name} must be a whole number of ${least} to ${most}, not ${JSON.stringify(given)}.`);
}

/** A time, as seconds since the epoch or as ISO 8601; ms. @throws ValidationException */
export function optionalTime(input: Members, name: string): number | undefined {
  const given = input[name] ?? undefined;
  if (given === undefined) return undefined;
  const ms = typeof given === "number" ? given * 1_000 : Date.parse(String(given));
  if (Number.isFinite(ms)) return ms;
  throw invalid(`${name} is no time: ${JSON.stringify(given)}.`);
}

/** @throws ValidationException that names a member which is not carried out */
export function refuseOthers(input: Members, served: readonly string[], at: string): void {
  const other = Object.keys(input).find((name) => input[name] !== undefined && !served.includes(name));
  if (other !== undefined) throw invalid(`The local region does not serve ${other} of ${at}.`);
}
