import type { FailedMessage } from "./failed-message.ts";
import type { FailureSummary } from "./failure-filter.ts";

/** What a list shows of a failed message. */
export function failureSummary(failure: FailedMessage): FailureSummary {
  const { body, bodyAt, attributes, attempts, changes, original, reason, ...rest } = failure;
  const { stack, ...shown } = reason;
  return { ...rest, reason: shown };
}
