import * as v from "valibot";
import { eventSchema, type IngestedEvent } from "./event.ts";
import { parseNoting } from "./exact-numbers.ts";
import { deepestLevel } from "./nesting.ts";

/** A field that cannot be accepted, and why. */
export interface BadField {
  /** `amount`, of a list `[3].amount`, or `body` as a whole. */
  readonly field: string;
  readonly reason: string;
}

/** What a request's body holds. */
export type Validated =
  | { readonly kind: "valid"; readonly events: readonly IngestedEvent[]; readonly isList: boolean }
  | { readonly kind: "invalid"; readonly fields: readonly BadField[] };

/** The most events of one request. */
export const MOST_EVENTS = 100;

/** How deep an event's own fields may be nested: whatever reads them later must not run out of stack. */
const DEEPEST = 64;

/** Reads one event or a list of them, and names every field that is wrong; never throws. Of a key that is there twice, the last counts, as JSON.parse has it. */
export function validate(text: string): Validated {
  const parsed = parse(text);
  if (parsed.kind === "invalid") return parsed;
  const { value, inexact } = parsed;
  const isList = Array.isArray(value);
  const values: readonly unknown[] = isList ? value : [value];
  if (values.length === 0) return bodyIs("is an empty list");
  if (values.length > MOST_EVENTS) return bodyIs(`has ${values.length} events; one request takes ${MOST_EVENTS}`);
  const checked = check(values, isList);
  return checked.kind === "valid" && inexact !== undefined ? bodyIs(inexact) : checked;
}

type Parsed = { readonly kind: "parsed"; readonly value: unknown; readonly inexact?: string };

function parse(text: string): Parsed | (Validated & { kind: "invalid" }) {
  if (text.trim() === "") return bodyIs("is empty; it takes an event, or a list of them");
  if (text.startsWith("\uFEFF")) return bodyIs("begins with a byte order mark, which JSON does not have");
  const depth = deepestLevel(text);
  if (depth > DEEPEST) return bodyIs(`is nested more than ${DEEPEST} levels deep`);
  try {
    return { kind: "parsed", ...parseNoting(text) };
  } catch (error) {
    return bodyIs(`is no JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function bodyIs(reason: string): Validated & { readonly kind: "invalid" } {
  return { kind: "invalid", fields: [{ field: "body", reason }] };
}

function check(values: readonly unknown[], isList: boolean): Validated {
  const fields: BadField[] = [];
  const events = values.flatMap((value, index) => {
    const { success, issues } = v.safeParse(eventSchema, value, { abortPipeEarly: true });
    // As it came: what the schema gives back lacks fields with names such as `constructor`.
    if (success) return [value as IngestedEvent];
    fields.push(...issues.map((issue) => badField(issue, isList ? `[${index}]` : "")));
    return [];
  });
  return fields.length > 0 ? { kind: "invalid", fields } : { kind: "valid", events, isList };
}

function badField(issue: v.BaseIssue<unknown>, place: string): BadField {
  const field = [place, v.getDotPath(issue) ?? ""].filter((part) => part !== "").join(".");
  const reason = issue.input === undefined && field !== place ? "is missing" : issue.message;
  return { field: field === "" ? "body" : field, reason };
}
