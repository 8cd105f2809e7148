import { invalidParameter } from "../errors.ts";
import { readFieldsPattern } from "./fields-pattern.ts";
import { readJsonPattern } from "./json-pattern.ts";
import { readRegularExpression, readTerms } from "./terms.ts";

/** The longest pattern, characters (PutMetricFilter). */
const LONGEST = 1_024;

/** What a pattern has found in a log event. */
interface PatternMatch {
  /** The text of a field (`$.latency` of a JSON pattern, `$latency` of fields), where the event has it. */
  valueOf(field: string): string | undefined;
  /** The fields that the pattern names, as TestMetricFilter shows them. */
  readonly extracted: Readonly<Record<string, string>>;
}

/** Finds in a log event what the pattern looks for; undefined where the event does not fit. */
export type FilterPattern = (message: string) => PatternMatch | undefined;

/**
 * Reads a filter pattern: terms and phrases, a `%regular expression%`, a `{ JSON pattern }` or `[fields, between, spaces]`; the empty
 * one fits every event (CloudWatch Logs user guide, "Filter pattern syntax").
 * @throws InvalidParameterException
 */
export function readFilterPattern(pattern: string): FilterPattern {
  if (pattern.length > LONGEST) {
    throw invalidParameter(
      `1 validation error detected: Value at 'filterPattern' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST}`,
    );
  }
  const text = pattern.trim();
  if (text.startsWith("{")) return readJsonPattern(text);
  if (text.startsWith("[")) return readFieldsPattern(text);
  const fits = text.startsWith("%") ? readRegularExpression(text) : readTerms(text);
  return (message) => (fits(message) ? NOTHING_EXTRACTED : undefined);
}

const NOTHING_EXTRACTED: PatternMatch = { valueOf: () => undefined, extracted: {} };
