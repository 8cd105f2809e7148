import { endOfValue, quoteAt } from "./scan-value.ts";

/** What stands where personal data stood. */
export const REDACTED = "[redacted]";

/** The most work that the search for values may take, values × characters; a text beyond is withheld whole. */
export const MOST_WORK = 50_000_000;

/** A shorter value is taken out only where it stands alone: it would be found inside innocent words. */
export const SHORTEST_INSIDE_WORDS = 4;

/** A name begins where no other goes on; the `n` of an escaped line break is no part of one. */
const BEFORE_NAME = "(?:(?<![\\p{L}\\p{N}_$])|(?<=\\\\[nrt]))";

/** The most that JSON.parse quotes of an unreadable text, characters, with some to spare. */
const LONGEST_SNIPPET = 50;

/** How deep JSON in JSON is looked into. */
const DEEPEST_ESCAPES = 3;

/**
 * Returns a function that takes personal data out of a text: the members of JSON, escaped JSON and inspected objects that
 * `fields` name, and `values` wherever they stand.
 */
export function redactText(fields: readonly string[], values: readonly string[] = []): (text: string) => string {
  if (fields.length === 0) return (text) => text;
  const names = new RegExp(`${BEFORE_NAME}(?:${fields.map(escapePattern).join("|")})(?![\\p{L}\\p{N}_$])`, "gu");
  const known = values.filter((value) => /[\p{L}\p{N}]/u.test(value));
  // Values first: a bare word after a name can be the beginning of one, and the rest of it would not be found again.
  return (text) => redactSnippets(redactMembers(redactValues(text, known), names));
}

/** One pass from left to right, so that a hostile text costs no more than its length. */
function redactMembers(text: string, names: RegExp): string {
  let redacted = "";
  let end = 0;
  for (const name of text.matchAll(names)) {
    if (name.index < end) continue;
    const start = startOfValue(text, name.index + name[0].length);
    if (start === undefined) continue;
    const quote = quoteAt(text, start) ?? "";
    redacted += `${text.slice(end, start)}${quote}${REDACTED}${quote}`;
    end = endOfValue(text, start);
  }
  return redacted + text.slice(end);
}

/** After a name: the quote that ends it, a colon, an equals sign or an arrow, and white space, escaped or not. */
function startOfValue(text: string, endOfName: number): number | undefined {
  const separator = /(?:\\*["'`])?(?:\s|\\+[nrt])*(?:=>|[:=])(?:\s|\\+[nrt])*/y;
  separator.lastIndex = endOfName;
  return separator.test(text) && separator.lastIndex < text.length ? separator.lastIndex : undefined;
}

/** JSON.parse quotes up to twenty characters of the text around what it cannot read, and may begin within a value. */
function redactSnippets(text: string): string {
  const parts = text.split(/"(?=(?:\.\.\.)? is not valid JSON)/);
  return parts.map((part, index) => (index < parts.length - 1 ? cutSnippet(part) : part)).join('"');
}

function cutSnippet(text: string): string {
  const start = text.indexOf('"', Math.max(0, text.length - LONGEST_SNIPPET));
  return start < 0 ? text : `${text.slice(0, start + 1)}${REDACTED}`;
}

function redactValues(text: string, values: readonly string[]): string {
  if (values.length * text.length > MOST_WORK) return REDACTED;
  return values.flatMap(escapedForms).reduce(takeOut, text);
}

/** The value as it is, and as it is written in JSON, in JSON in JSON, … the longest first. */
function escapedForms(value: string): string[] {
  const forms = [value];
  for (let form = value; forms.length <= DEEPEST_ESCAPES; forms.unshift(form)) {
    form = JSON.stringify(form).slice(1, -1);
    if (form === forms[0]) break;
  }
  return forms;
}

function takeOut(text: string, value: string): string {
  if (value.length >= SHORTEST_INSIDE_WORDS) return text.replaceAll(value, REDACTED);
  const alone = new RegExp(`(?<![\\p{L}\\p{N}_])${escapePattern(value)}(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(alone, REDACTED);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
