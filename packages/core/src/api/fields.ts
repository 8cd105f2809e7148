import { describeValue } from "../classify/thrown.ts";

/** One field of a request: what it takes, and how its text in a query is read. */
export interface Field {
  readonly kind: "flag" | "object" | "oneOf" | "text" | "texts" | "time" | "whole";
  /** In words, for messages and for the reference. */
  readonly takes: string;
  /** @default false */
  readonly required?: boolean;
  /** Of `oneOf`. */
  readonly values?: readonly string[];
  /** Of `whole`; of `text` its length, of `texts` its count. */
  readonly least?: number;
  readonly most?: number;
}

export type Fields = Readonly<Record<string, Field>>;

export function needed(field: Field): Field {
  return { ...field, required: true };
}

export function text(most: number): Field {
  return { kind: "text", least: 1, most, takes: `a text of 1 to ${most} characters` };
}

export function texts(most: number): Field {
  return { kind: "texts", least: 1, most, takes: `a list of 1 to ${most} texts` };
}

export function oneOf(values: readonly string[]): Field {
  return { kind: "oneOf", values, takes: `one of ${values.join(", ")}` };
}

export function whole(least: number, most: number): Field {
  return { kind: "whole", least, most, takes: `a whole number from ${least} to ${most}` };
}

export function object(takes: string): Field {
  return { kind: "object", takes };
}

export const FLAG: Field = { kind: "flag", takes: "true or false" };

export const TIME: Field = {
  kind: "time",
  takes: "milliseconds since the Unix epoch, or a time as 2026-01-31T12:00:00Z",
};

/** A field's value as it is used, or undefined where it does not fit. */
export function readField({ kind, values, least = 0, most = Number.MAX_SAFE_INTEGER }: Field, given: unknown): unknown {
  switch (kind) {
    case "flag":
      return { true: true, false: false }[String(given)];
    case "object":
      return typeof given === "object" && given !== null && !Array.isArray(given) ? given : undefined;
    case "oneOf":
      return values?.includes(String(given)) && typeof given === "string" ? given : undefined;
    case "text":
      return isText(given) && given.length >= least && given.length <= most ? given : undefined;
    case "texts":
      return Array.isArray(given) && given.length >= least && given.length <= most && given.every(isText)
        ? given
        : undefined;
    case "time":
      return readTime(given);
    case "whole": {
      const number = isText(given) && /^-?\d{1,16}$/.test(given) ? Number(given) : given;
      return Number.isInteger(number) && Number(number) >= least && Number(number) <= most ? number : undefined;
    }
  }
}

/** A value for a message, short. */
export function showValue(value: unknown): string {
  return (typeof value === "string" ? JSON.stringify(value) : describeValue(value)).slice(0, 100);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function readTime(given: unknown): number | undefined {
  const numeric = typeof given === "number" || (isText(given) && /^\d{1,16}$/.test(given));
  const ms = numeric ? Number(given) : Date.parse(String(given));
  return Number.isFinite(ms) ? ms : undefined;
}
