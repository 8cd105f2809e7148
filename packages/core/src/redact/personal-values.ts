import type { ReceivedMessage } from "../message/received-message.ts";

/** The values of a message's personal fields, in its body at any depth, JSON in texts included, and in its attributes. */
export function personalValues(
  { body, attributes }: Pick<ReceivedMessage, "attributes" | "body">,
  fields: readonly string[],
): readonly string[] {
  if (fields.length === 0) return [];
  const values = new Set<string>();
  const left: { value: unknown; personal: boolean }[] = [{ value: parse(body), personal: false }];
  for (const [name, { stringValue }] of Object.entries(attributes)) {
    left.push({ value: stringValue, personal: fields.includes(name) });
  }
  // A stack of our own: a hostile body is nested deeper than calls can be.
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, personal } = next;
    if (personal && (typeof value === "string" || typeof value === "number")) values.add(String(value));
    for (const [name, each] of Object.entries(inside(value))) {
      left.push({ value: each, personal: personal || fields.includes(name) });
    }
  }
  return [...values].sort((a, b) => b.length - a.length);
}

function inside(value: unknown): object {
  if (typeof value === "string") return /^\s*["[{]/.test(value) ? [parse(value)] : [];
  return typeof value === "object" && value !== null ? value : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
