import { failureReason } from "../classify/failure-reason.ts";
import type { Consumer } from "../consumer.ts";
import { redactorOf } from "../redact/redactor-of.ts";
import type { Outcome } from "./outcome.ts";
import type { ReceivedMessage } from "./received-message.ts";

/** The outcome of an attempt that threw; personal data is taken out of its reason. */
export function failed<T>(
  consumer: Consumer<T>,
  message: ReceivedMessage,
  thrown: unknown,
): Extract<Outcome, { kind: "failed" }> {
  return { kind: "failed", reason: failureReason(thrown, redactorOf(consumer, message)) };
}
