import * as v from "valibot";
import type { BadField } from "./validate.ts";

/** What a redrive is asked for. */
export interface RedriveRequest {
  /** 1 to 1000. @default 20 */
  readonly maxMessages: number;
  /** The name of the error that messages died of, such as `SchemaValidationError`. @default any */
  readonly errorType?: string | undefined;
  /** What died later is left out. @default 300 */
  readonly minAgeSeconds: number;
  /** Each message waits a random time up to this, seconds, 0 to 900. @default 0 */
  readonly perMessageDelayJitter: number;
}

/** A request that is read, or every field that is wrong with it. */
export type ReadRedrive =
  | { readonly kind: "valid"; readonly request: RedriveRequest }
  | { readonly kind: "invalid"; readonly fields: readonly BadField[] };

function whole(least: number, most: number): v.GenericSchema<unknown, number> {
  const takes = `takes a whole number from ${least} to ${most}`;
  return v.pipe(v.number(takes), v.integer(takes), v.minValue(least, takes), v.maxValue(most, takes));
}

const REQUEST = v.strictObject(
  {
    maxMessages: v.optional(whole(1, 1_000), 20),
    errorType: v.optional(v.pipe(v.string("takes a text"), v.regex(/^.{1,200}$/, "takes 1 to 200 characters"))),
    minAgeSeconds: v.optional(whole(0, 31_622_400), 300),
    perMessageDelayJitter: v.optional(whole(0, 900), 0),
  },
  (issue) => (issue.expected === "never" ? "is unknown; take it out" : "takes an object"),
);

/** Reads the body of a start. */
export function readRedrive(value: unknown): ReadRedrive {
  // Valibot takes a list for an object.
  if (Array.isArray(value)) return { kind: "invalid", fields: [{ field: "body", reason: "takes an object" }] };
  const { success, issues, output } = v.safeParse(REQUEST, value, { abortPipeEarly: true });
  if (success) return { kind: "valid", request: output };
  const fields = issues.map((issue) => ({ field: v.getDotPath(issue) ?? "body", reason: issue.message }));
  return { kind: "invalid", fields };
}

/** Reads the query of a preview, where numbers come as text. */
export function readRedriveQuery(query: Readonly<Record<string, string | undefined>>): ReadRedrive {
  const values = Object.entries(query).map(([name, text = ""]) => [
    name,
    name !== "errorType" && /^\d{1,15}$/.test(text) ? Number(text) : text,
  ]);
  return readRedrive(Object.fromEntries(values));
}
