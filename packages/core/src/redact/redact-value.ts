import { REDACTED, redactText } from "./redact-text.ts";

/** A value nested deeper than this is withheld whole. */
export const DEEPEST = 100;

/** Copies a JSON value with every personal field masked, at any depth, JSON in texts included, and `values` wherever they stand in a text. */
export function redactValue(value: unknown, fields: readonly string[], values: readonly string[] = []): unknown {
  return mask(value, new Set(fields), redactText(fields, values), 0);
}

function mask(value: unknown, fields: ReadonlySet<string>, redact: (text: string) => string, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return REDACTED;
  if (Array.isArray(value)) return value.map((each) => mask(each, fields, redact, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      fields.has(name) ? REDACTED : mask(each, fields, redact, depth + 1),
    ]),
  );
}
