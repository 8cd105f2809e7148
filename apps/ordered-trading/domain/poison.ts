import type { Severity } from "@reliq/core";
import type { FailedMessage, HealBackoff, Policy, PolicyAction, PolicyCondition } from "@reliq/core/recovery";

/** What can bring a poison message to its effect. */
type Recoverability =
  /** A known repair of its content. */
  | "repair"
  /** Time: the same message can succeed later. */
  | "retry"
  /** Somebody who mends what it needs; it is held until then. */
  | "person"
  /** Nothing: it is archived, and comes back by a replay only. */
  | "none";

interface PoisonRule {
  readonly name: string;
  readonly when: PolicyCondition;
  readonly severity: Severity;
  readonly recoverability: Recoverability;
  /** Where a repair is what helps. */
  readonly repair?: string;
  /** @default the policy's */
  readonly maxHeals?: number;
  readonly backoff?: HealBackoff;
}

/** A repaired order goes back at once: nothing else has to change for it. */
const AT_ONCE: HealBackoff = { baseSeconds: 1, capSeconds: 1, jitter: "none" };

/** All that is decided here about poison, in order: the first rule that matches holds. Critical is what nobody but a person can tell the client. */
const RULES: readonly PoisonRule[] = [
  {
    name: "never tried",
    when: { cause: ["skipped-behind-sibling", "throttled-never-ran"] },
    severity: "warning",
    recoverability: "retry",
    backoff: AT_ONCE,
  },
  repairing("negative amount", "negative-amount"),
  repairing("missing timestamp", "missing-timestamp"),
  repairing("symbol case", "symbol-case"),
  repairing("several faults", "several-faults"),
  { name: "unreadable", when: { category: "bad-payload" }, severity: "critical", recoverability: "none" },
  {
    name: "no symbol",
    when: { category: "validation", messageIncludes: "symbol (" },
    severity: "critical",
    recoverability: "none",
  },
  { name: "no valid order", when: { category: "validation" }, severity: "error", recoverability: "none" },
  { name: "credentials", when: { category: "auth" }, severity: "critical", recoverability: "person" },
  { name: "refused step", when: { category: "permanent" }, severity: "error", recoverability: "none" },
  {
    name: "may pass",
    when: { category: ["timeout", "dependency", "throttled"] },
    severity: "warning",
    recoverability: "retry",
    backoff: { baseSeconds: 5, capSeconds: 900 },
  },
  {
    name: "unknown",
    when: {},
    severity: "error",
    recoverability: "retry",
    maxHeals: 1,
    backoff: { baseSeconds: 5, capSeconds: 60 },
  },
];

const THEN: Readonly<Record<Recoverability, PolicyAction>> = {
  repair: "repair",
  retry: "heal",
  person: "hold",
  none: "archive",
};

/** What the poison handler works by: what is critical is told to a person, and so is what was healed in vain. */
export const POLICY: Policy = {
  rules: RULES.map(({ name, when, severity, recoverability, repair, maxHeals, backoff }) => ({
    name,
    when,
    then: [THEN[recoverability], ...(severity === "critical" ? (["alert"] as const) : [])],
    ...(repair !== undefined && { repair }),
    ...(maxHeals !== undefined && { maxHeals }),
    ...(backoff && { backoff }),
  })),
  maxHeals: 3,
  // What might still succeed keeps its group waiting: going on without it is for a person to decide.
  exhausted: ["hold", "alert"],
  // What is archived never becomes an order by itself: its group goes on without it.
  onArchive: "skip",
  alertWindowSeconds: 300,
};

/** How bad a poison message is, and what can help it. */
export interface Assessment {
  readonly severity: Severity;
  readonly recoverability: Recoverability;
}

/** Assesses a failed message by the rule that decided on it: one that was healed in vain is critical, and needs a person. */
export function assess({ rule, state }: Pick<FailedMessage, "rule" | "state">): Assessment {
  const { severity, recoverability } = RULES.find(({ name }) => name === rule) ?? UNKNOWN;
  const inVain = state === "held" && recoverability !== "person";
  return inVain ? { severity: "critical", recoverability: "person" } : { severity, recoverability };
}

const UNKNOWN: Assessment = { severity: "error", recoverability: "person" };

function repairing(name: string, repair: string): PoisonRule {
  return {
    name,
    when: { category: "validation" },
    severity: "warning",
    recoverability: "repair",
    repair,
    backoff: AT_ONCE,
  };
}
