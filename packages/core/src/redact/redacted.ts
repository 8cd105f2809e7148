import { ReliqError } from "../errors.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import { personalValues } from "./personal-values.ts";
import { redactText } from "./redact-text.ts";

/** Fields with personal data, and how their values are taken out of texts. Made by `redacted`. */
export interface PersonalFields {
  readonly names: readonly string[];
  /** Gives a function that takes what `names` are called in a message out of a text. */
  readonly redactor: (
    message: Pick<ReceivedMessage, "attributes" | "body">,
    names: readonly string[],
  ) => (text: string) => string;
}

/**
 * Fields and attributes whose values are kept out of the journal and of Reliq's log lines, by their names, at any depth of the body.
 * @throws ReliqError `consumer-option` for what is no list of names.
 */
export function redacted(names: readonly string[]): PersonalFields {
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string" && name !== "")) {
    throw new ReliqError("consumer-option", `${JSON.stringify(names)} is no list of field names, such as ["email"].`);
  }
  return { names, redactor: (message, named) => redactText(named, personalValues(message, named)) };
}
