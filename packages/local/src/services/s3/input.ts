import type { Members } from "../../kernel/service.ts";
import { invalidArgument, malformedXml, s3Error } from "./errors.ts";

/** The longest key, bytes of UTF-8 (user guide, Naming Amazon S3 objects). */
const LONGEST_KEY_BYTES = 1_024;

/** A text, or undefined where the member is absent or empty. */
export function optionalText(input: Members, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || value === "") return undefined;
  if (typeof value === "string") return value;
  throw invalidArgument(`${name} must be a string.`, name, value);
}

/** @throws KeyTooLongError */
export function requiredKey(input: Members): string {
  const key = optionalText(input, "Key");
  if (key === undefined) throw invalidArgument("An object key is required.", "Key", "");
  const bytes = Buffer.byteLength(key);
  if (bytes <= LONGEST_KEY_BYTES) return key;
  throw s3Error("KeyTooLongError", "Your key is too long", 400, { Size: bytes, MaxSizeAllowed: LONGEST_KEY_BYTES });
}

/** A whole number in its limits, or undefined where the member is absent. @throws InvalidArgument */
export function integerWithin(input: Members, name: string, least: number, most: number): number | undefined {
  const given = input[name] ?? undefined;
  if (given === undefined) return undefined;
  const value = given === "" ? Number.NaN : Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidArgument(`${name} must be an integer between ${least} and ${most}`, name, given);
}

/** An element that holds others. @throws MalformedXML where it is absent or a text */
export function structure(value: unknown): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Members;
  throw malformedXml();
}

/** The body of a request, as bytes. */
export function bytesOf(input: Members): Uint8Array {
  const body = input["Body"] ?? "";
  if (body instanceof Uint8Array) return body;
  return Buffer.from(String(body));
}
