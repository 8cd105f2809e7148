import type { FailureReason } from "../classify/failure-reason.ts";

/** A reason, with personal data taken out of what was thrown. */
export function redactReason<Reason extends FailureReason>(reason: Reason, redact: (text: string) => string): Reason {
  return { ...reason, message: redact(reason.message), stack: redact(reason.stack) };
}
