import type { FailureFilter, FailureSummary } from "./failure-filter.ts";

/** Whether all that a filter gives holds for a failed message. */
export function matchesFilter(failure: FailureSummary, filter: FailureFilter): boolean {
  const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = filter;
  if (failure.capturedAtMs < fromMs || failure.capturedAtMs >= toMs) return false;
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [filter.queue, failure.queue],
    [filter.state, failure.state],
    [filter.category, failure.reason.category],
    [filter.cause, failure.cause],
    [filter.fingerprint, failure.reason.fingerprint],
    [filter.errorName, failure.reason.errorName],
    [filter.messageGroup, failure.groupId],
  ];
  return pairs.every(([wanted, value]) => wanted === undefined || wanted === value);
}
