import type { FailureReason } from "@reliq/core";
import type { HealBackoff, Policy, PolicyAction, PolicyCondition } from "@reliq/core/recovery";

/** What kinds of failure there are here. */
export type FailureType =
  | "AUTH_FAILURE"
  | "BAD_PAYLOAD"
  | "DEPENDENCY_FAILURE"
  | "TIMEOUT"
  | "UNKNOWN"
  | "VALIDATION_ERROR";

/** What is done with one. */
type Action = "ALERT" | "ARCHIVE" | "AUTO_HEAL";

interface FailureRule {
  readonly name: string;
  readonly failureType: FailureType;
  readonly when: PolicyCondition;
  readonly action: Action;
  /** Whether a person is told too. */
  readonly alert?: boolean;
  readonly backoff?: HealBackoff;
}

/**
 * All that is decided here about failures, in order: the first rule that matches holds. A new failure type is a rule here.
 * Reliq's categories are read from typed errors and codes first, then from words, in the order of these rules.
 */
const RULES: readonly FailureRule[] = [
  { name: "auth", failureType: "AUTH_FAILURE", when: { category: "auth" }, action: "ALERT" },
  { name: "validation", failureType: "VALIDATION_ERROR", when: { category: "validation" }, action: "ARCHIVE" },
  {
    name: "timeout",
    failureType: "TIMEOUT",
    when: { category: "timeout" },
    action: "AUTO_HEAL",
    backoff: { baseSeconds: 2, capSeconds: 60 },
  },
  { name: "bad-payload", failureType: "BAD_PAYLOAD", when: { category: "bad-payload" }, action: "ARCHIVE" },
  {
    name: "dependency",
    failureType: "DEPENDENCY_FAILURE",
    // What is throttled was never tried: it waits like what waits for a service.
    when: { category: ["dependency", "throttled"] },
    action: "AUTO_HEAL",
    backoff: { baseSeconds: 4, capSeconds: 900 },
  },
  { name: "unknown-critical", failureType: "UNKNOWN", when: { severity: "critical" }, action: "ARCHIVE", alert: true },
  { name: "unknown", failureType: "UNKNOWN", when: {}, action: "ARCHIVE" },
];

const THEN: Readonly<Record<Action, PolicyAction>> = { ALERT: "hold", ARCHIVE: "archive", AUTO_HEAL: "heal" };

/** What the healer works by: three heals at most, then the archive; alerts of one failure within an hour are one. */
export const POLICY: Policy = {
  rules: RULES.map(({ name, when, action, alert = action === "ALERT", backoff }) => ({
    name,
    when,
    then: [THEN[action], ...(alert ? (["alert"] as const) : [])],
    ...(backoff && { backoff }),
  })),
  maxHeals: 3,
  exhausted: ["archive"],
  alertWindowSeconds: 3_600,
  // More than the healer would send of one problem in a minute: somebody else looks at it first.
  secondApproval: { redrivesAbove: 10 },
};

/** What a failure is, and what is done with it. */
export interface Classified {
  readonly failureType: FailureType;
  readonly retryable: boolean;
  readonly action: Action;
}

/** Says of a reason, as the journal or a failed message has it, which type it is. */
export function classify({ category, severity }: Pick<FailureReason, "category" | "severity">): Classified {
  const rule = RULES.find(({ when }) => includes(when.category, category) && includes(when.severity, severity));
  const { failureType, action } = rule ?? { failureType: "UNKNOWN", action: "ARCHIVE" };
  return { failureType, retryable: action === "AUTO_HEAL", action };
}

function includes<T>(wanted: T | readonly T[] | undefined, is: T): boolean {
  return wanted === undefined || (Array.isArray(wanted) ? wanted.includes(is) : wanted === is);
}
