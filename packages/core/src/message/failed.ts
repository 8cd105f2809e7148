import { failureReason } from "../classify/failure-reason.ts";
import type { Consumer } from "../consumer.ts";
import { personalValues } from "../redact/personal-values.ts";
import { redactText } from "../redact/redact-text.ts";
import type { Outcome } from "./outcome.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** The outcome of an attempt that threw; personal data is taken out of its reason. */
export function failed<T>(
  { personalFields, encryptedFields }: Consumer<T>,
  message: ReceivedMessage,
  thrown: unknown,
): Extract<Outcome, { kind: "failed" }> {
  const fields = [...personalFields, ...encryptedFields];
  const redact = redactText(fields, personalValues(message, fields));
  return { kind: "failed", reason: failureReason(thrown, redact) };
}
