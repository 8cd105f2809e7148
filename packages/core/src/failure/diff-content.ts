import type { MessageAttribute } from "../message/received-message.ts";
import { personalValues } from "../redact/personal-values.ts";
import { REDACTED } from "../redact/redact-text.ts";
import { redactValue } from "../redact/redact-value.ts";
import type { MessageContent } from "./failed-message.ts";

/** The most differences that are named; the rest is a count. */
const MOST_LINES = 50;

/** The longest value in a line, characters. */
const LONGEST_VALUE = 200;

/** Values nested deeper are compared whole. */
const DEEPEST = 50;

/**
 * What differs between two contents, a line a difference: `amount: -5 → 5`. Bodies that are JSON are compared field by field;
 * values of `personalFields` are masked, wherever they stand.
 */
export function diffContent(
  before: MessageContent,
  after: MessageContent,
  personalFields: readonly string[] = [],
): readonly string[] {
  const lines = [...diffBodies(before.body, after.body), ...diffAttributes(before, after)];
  const rest = lines.length - MOST_LINES;
  const values = [before, after].flatMap((content) => personalValues(content, personalFields));
  const shown = lines.slice(0, MOST_LINES).map((line) => describe(line, personalFields, values));
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}

/** The fields that lead to a difference, and its two sides; a text where only so much can be said. */
type Difference = string | { readonly path: readonly string[]; readonly before: unknown; readonly after: unknown };

function diffBodies(before: string, after: string): Difference[] {
  if (before === after) return [];
  const sizes = `body: ${before.length} characters → ${after.length} characters`;
  try {
    const differences = diffValues([], JSON.parse(before), JSON.parse(after));
    return differences.length > 0 ? differences : ["body: written differently, with the same values"];
  } catch {
    return [sizes];
  }
}

function diffValues(path: readonly string[], before: unknown, after: unknown): Difference[] {
  if (isRecord(before) && isRecord(after) && path.length < DEEPEST) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => diffValues([...path, key], own(before, key), own(after, key)));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

function diffAttributes({ attributes: before }: MessageContent, { attributes: after }: MessageContent): Difference[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const [left, right] = [attributeText(before[name]), attributeText(after[name])];
    return left === right ? [] : [{ path: ["attribute", name], before: left, after: right }];
  });
}

function attributeText(attribute: MessageAttribute | undefined): string | undefined {
  if (attribute === undefined) return undefined;
  const { dataType, stringValue, binaryValue } = attribute;
  return `${dataType} ${stringValue ?? `${binaryValue?.byteLength ?? 0} bytes: ${binaryValue?.join(",") ?? ""}`}`;
}

function describe(difference: Difference, personalFields: readonly string[], values: readonly string[]): string {
  if (typeof difference === "string") return difference;
  const { path, before, after } = difference;
  const personal = path.some((field) => personalFields.includes(field));
  const show = (value: unknown): string => {
    if (value === undefined) return "(none)";
    return JSON.stringify(personal ? REDACTED : redactValue(value, personalFields, values)).slice(0, LONGEST_VALUE);
  };
  return `${path.join(".") || "body"}: ${show(before)} → ${show(after)}`;
}

function own(record: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
