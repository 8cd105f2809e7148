import type { ReceivedMessage } from "../message/received-message.ts";
import { personalValues } from "./personal-values.ts";
import { redactText } from "./redact-text.ts";

/** Gives a function that takes what fields of these names hold in a message out of a text. */
export function messageRedactor(
  message: Pick<ReceivedMessage, "attributes" | "body">,
  names: readonly string[],
): (text: string) => string {
  return redactText(names, personalValues(message, names));
}
