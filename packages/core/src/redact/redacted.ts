import { ReliqError } from "../errors.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { messageRedactor } from "./message-redactor.ts";
import { personalValues } from "./personal-values.ts";
import { REDACTED } from "./redact-text.ts";
import { redactValue } from "./redact-value.ts";

/** Fields with personal data, and how their values are taken out of texts. Made by `redacted`. */
export interface PersonalFields {
  readonly names: readonly string[];
  /** Gives a function that takes what `names` are called in a message out of a text. */
  readonly redactor: (
    message: Pick<ReceivedMessage, "attributes" | "body">,
    names: readonly string[],
  ) => (text: string) => string;
  /** The fields of a line of the log, with what `names` are called in a message masked. */
  readonly redactFields: (
    fields: Readonly<Record<string, unknown>>,
    message: Pick<ReceivedMessage, "attributes" | "body">,
    names: readonly string[],
  ) => Readonly<Record<string, unknown>>;
}

/**
 * Fields and attributes whose values are kept out of the journal and of Reliq's log lines, by their names, at any depth of the body.
 * @throws ReliqError `consumer-option` for what is no list of names.
 */
export function redacted(names: readonly string[]): PersonalFields {
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string" && name !== "")) {
    throw new ReliqError("consumer-option", `${JSON.stringify(names)} is no list of field names, such as ["email"].`);
  }
  return {
    names,
    redactor: messageRedactor,
    redactFields: (fields, message, named) => maskFields(fields, named, personalValues(message, named)),
  };
}

function maskFields(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  values: readonly string[],
): Readonly<Record<string, unknown>> {
  // A number that stands for a person is no text to look for.
  const isPersonal = (value: unknown): boolean => typeof value === "number" && values.includes(String(value));
  const sound = Object.entries(fields).map(([name, value]) => [name, isPersonal(value) ? REDACTED : value]);
  return redactValue(Object.fromEntries(sound), names, values) as Record<string, unknown>;
}
