import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureGroup } from "../failure/failure-group.ts";
import type { RepairOutcome } from "../heal/repair.ts";
import { unmetCondition } from "./condition.ts";
import type { HealBackoff, Policy, PolicyAction, PolicyRule } from "./policy.ts";

/** What a decision is made of. */
export interface DecisionFacts {
  readonly failure: FailedMessage;
  /** Its group as it was before this death; undefined where this is the first. */
  readonly group: FailureGroup | undefined;
  /** What each registered repair would make of the message, by name. */
  readonly repairs: ReadonlyMap<string, RepairOutcome>;
  readonly nowMs: number;
}

/** What becomes of a failed message. */
export interface Decision {
  /** The rule that decided, or `otherwise`. */
  readonly rule: string;
  readonly to: "healing" | "archived" | "held";
  readonly alert: boolean;
  readonly repair?: { readonly name: string; readonly outcome: Extract<RepairOutcome, { kind: "repaired" }> };
  /** Where it is healed. */
  readonly backoff: HealBackoff;
  /** Why this and nothing else, in words. */
  readonly because: string;
}

/** What one rule said. */
export interface RuleTrace {
  readonly rule: string;
  readonly matched: boolean;
  readonly because: string;
}

/** A decision, and how the rules came to it. */
export interface Explanation {
  readonly decision: Decision;
  /** Every rule up to the one that decided, in order. */
  readonly trace: readonly RuleTrace[];
}

type Limits = Required<
  Pick<Policy, "backoff" | "budget" | "exhausted" | "maxHeals" | "otherwise" | "alertWindowSeconds">
>;

/** What a policy says where it does not say it. */
export const POLICY_DEFAULTS: Limits = {
  otherwise: ["hold"],
  maxHeals: 3,
  exhausted: ["archive"],
  backoff: { baseSeconds: 30, capSeconds: 3_600, jitter: "full" },
  budget: { relapses: 20, share: 0.5 },
  alertWindowSeconds: 3_600,
};

/** Finds the first rule that matches, and what it means for this message: limits, budget and repairs included. */
export function explainDecision(policy: Policy, facts: DecisionFacts): Explanation {
  const limits = { ...POLICY_DEFAULTS, ...policy };
  const trace: RuleTrace[] = [];
  for (const rule of policy.rules) {
    const unmet = unmetCondition(rule.when, facts) ?? unmetRepair(rule, facts);
    trace.push({ rule: rule.name, matched: unmet === undefined, because: unmet ?? "all of its conditions hold" });
    if (unmet === undefined) return { decision: withinLimits(rule, limits, facts), trace };
  }
  const otherwise = { name: "otherwise", when: {}, then: limits.otherwise };
  trace.push({ rule: "otherwise", matched: true, because: "no rule matches" });
  return { decision: withinLimits(otherwise, limits, facts), trace };
}

function unmetRepair({ then, repair }: PolicyRule, { repairs }: DecisionFacts): string | undefined {
  if (!then.includes("repair") || repair === undefined) return undefined;
  const outcome = repairs.get(repair);
  if (outcome === undefined) return `no repair ${repair} is registered`;
  return outcome.kind === "repaired" ? undefined : `the repair ${repair} does not apply: ${outcome.because}`;
}

function withinLimits(rule: PolicyRule, limits: Limits, facts: DecisionFacts): Decision {
  const { failure, group } = facts;
  const { name, then } = rule;
  const maxHeals = rule.maxHeals ?? limits.maxHeals;
  const backoff = rule.backoff ?? limits.backoff;
  const heals = then.includes("heal") || then.includes("repair");
  const end = (actions: readonly PolicyAction[], because: string): Decision => ({
    rule: name,
    to: endOf(actions),
    alert: actions.includes("alert") || then.includes("alert"),
    backoff,
    because,
  });
  if (heals && failure.heals >= maxHeals) {
    return end(limits.exhausted, `${name}: it was healed ${failure.heals} times, of at most ${maxHeals}`);
  }
  if (heals && group && isSpent(group, limits.budget)) {
    return end(["hold", "alert"], `${name}: healing of its group is disarmed, too much of it relapsed`);
  }
  const outcome = rule.repair === undefined ? undefined : facts.repairs.get(rule.repair);
  const repaired = then.includes("repair") && rule.repair !== undefined && outcome?.kind === "repaired";
  return {
    ...end(then, `${name}: all of its conditions hold`),
    ...(repaired && { repair: { name: rule.repair, outcome } }),
  };
}

function endOf(actions: readonly PolicyAction[]): Decision["to"] {
  if (actions.includes("heal") || actions.includes("repair")) return "healing";
  return actions.includes("archive") ? "archived" : "held";
}

/** Whether so much of a group relapsed that nothing of it is healed any more, until a person arms it. */
export function isSpent(group: FailureGroup, { relapses, share }: Limits["budget"]): boolean {
  if (group.healing === "disarmed") return true;
  const healed = group.heals - group.healsWhenArmed;
  const relapsed = group.relapses - group.relapsesWhenArmed;
  return relapsed >= relapses && relapsed >= healed * share;
}
