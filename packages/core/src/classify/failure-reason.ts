import { Failure } from "../errors.ts";
import { CATEGORY_TRAITS, type FailureCategory, type Severity } from "./category.ts";
import { classify } from "./classify.ts";
import { fingerprint } from "./fingerprint.ts";

/** Why one attempt failed. */
export interface FailureReason {
  readonly category: FailureCategory;
  readonly errorName: string;
  /** At most 2,000 characters. */
  readonly message: string;
  /** At most 4,000 characters; empty where something other than an Error was thrown. */
  readonly stack: string;
  readonly retryable: boolean;
  readonly severity: Severity;
  /** Equal for failures that are the same problem; begins with the version of the rule (`1:`). */
  readonly fingerprint: string;
}

const LONGEST_MESSAGE = 2_000;
const LONGEST_STACK = 4_000;

/** Says why an attempt failed, from what it threw; `redact` takes personal data out of texts. */
export function failureReason(thrown: unknown, redact: (text: string) => string): FailureReason {
  const category = classify(thrown);
  const traits = CATEGORY_TRAITS[category];
  const errorName = thrown instanceof Error ? thrown.name : typeof thrown;
  const message = redact(thrown instanceof Error ? thrown.message : String(thrown));
  const stack = thrown instanceof Error ? redact(thrown.stack ?? "") : "";
  return {
    category,
    errorName,
    message: message.slice(0, LONGEST_MESSAGE),
    stack: stack.slice(0, LONGEST_STACK),
    retryable: (thrown instanceof Failure ? thrown.retryable : undefined) ?? traits.retryable,
    severity: traits.severity,
    fingerprint: fingerprint(errorName, message, stack),
  };
}
