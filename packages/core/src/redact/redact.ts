/** What stands where personal data stood. */
export const REDACTED = "[redacted]";

/** Returns a function that takes the values of personal fields out of a text that has JSON in it, escaped JSON included. */
export function redactText(fields: readonly string[]): (text: string) => string {
  if (fields.length === 0) return (text) => text;
  const names = fields.map((field) => field.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const member = new RegExp(
    `(\\\\*["']?\\b(?:${names})\\b\\\\*["']?\\s*[:=]\\s*)` +
      `("(?:[^"\\\\]|\\\\.)*"|\\\\+"(?:(?!\\\\+").)*\\\\+"|'[^']*'|[^\\s,}\\]]+)`,
    "g",
  );
  return (text) => text.replace(member, (_, name: string) => `${name}"${REDACTED}"`);
}

/** Copies a value with every personal field masked, at any depth. */
export function redactValue(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => redactValue(each, fields));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, fields.includes(key) ? REDACTED : redactValue(each, fields)]),
  );
}
