import { CATEGORY_TRAITS, type FailureCategory } from "../classify/category.ts";
import type { FailureReason } from "../classify/failure-reason.ts";
import { fingerprint } from "../classify/fingerprint.ts";
import type { DeferralCause, Outcome } from "../message/outcome.ts";

type Deferred = Extract<Outcome, { kind: "deferred" }>;

/** What a deferral would be if it were a failure: all of them can succeed later. */
const CATEGORY_BY_CAUSE: Readonly<Record<DeferralCause, FailureCategory>> = {
  "behind-sibling": "dependency",
  "claim-lost": "timeout",
  handler: "throttled",
  "in-progress": "dependency",
  "journal-unavailable": "dependency",
  "out-of-time": "timeout",
  "quarantine-unavailable": "dependency",
};

/** Words a deferral as a reason, for the journal. */
export function deferralReason(deferred: Deferred): FailureReason {
  const category = CATEGORY_BY_CAUSE[deferred.cause];
  const message = wordDeferral(deferred);
  return {
    category,
    errorName: "Deferral",
    message,
    stack: "",
    retryable: true,
    severity: CATEGORY_TRAITS[category].severity,
    fingerprint: fingerprint("Deferral", message, ""),
  };
}

function wordDeferral({ cause, behind, why }: Deferred): string {
  switch (cause) {
    case "behind-sibling":
      return behind === undefined
        ? "another message with its key did not succeed before it"
        : `message ${JSON.stringify(behind)} of its group did not succeed before it`;
    case "claim-lost":
      return "its visibility had expired and another attempt had taken over before its handler ended";
    case "handler":
      return `its handler gave it back: ${why ?? ""}`;
    case "in-progress":
      return "another message with its key was at work";
    case "journal-unavailable":
      return "its key could not be claimed";
    case "out-of-time":
      return "the time for its batch was over before its turn came";
    case "quarantine-unavailable":
      return "whether its group is held could not be read or written";
  }
}
