import { changedContent } from "../failure/changed-content.ts";
import type { FailedMessage } from "../failure/failed-message.ts";
import { healDelaySeconds } from "../heal/heal-delay.ts";
import { type Repair, type RepairOutcome, tryRepair } from "../heal/repair.ts";
import { type Decision, explainDecision } from "../policy/decide.ts";
import type { Policy } from "../policy/policy.ts";
import type { KnownLetter } from "./dead-letter.ts";
import { recordDeath } from "./record-death.ts";

/** A letter with the record that it is to become; its content is whole. */
export interface DecidedLetter extends KnownLetter {
  readonly after: FailedMessage;
}

/** What decides: the policy, and the repairs that it may name. */
export interface RecoveryRules {
  readonly policy: Policy;
  readonly repairs: readonly Repair[];
}

/** Decides what becomes of a death: the same letter, rules, time and random number give the same record. */
export async function decideLetter(
  rules: RecoveryRules,
  known: KnownLetter,
  nowMs: number,
  random: number,
): Promise<DecidedLetter> {
  const failure = recordDeath(known, nowMs);
  const repairs = await tryRepairs(rules, failure, failure.body);
  const { decision } = explainDecision(rules.policy, { failure, group: known.group, repairs, nowMs });
  return { ...known, after: applyDecision(failure, decision, nowMs, random) };
}

/** What each repair that the policy names would make of a message whose body is given whole. */
export async function tryRepairs(
  { policy, repairs }: RecoveryRules,
  failure: FailedMessage,
  body: string,
): Promise<ReadonlyMap<string, RepairOutcome>> {
  const named = new Set(policy.rules.map(({ repair }) => repair));
  const tried = repairs
    .filter(({ name }) => named.has(name))
    .map(async (repair) => [repair.name, await tryRepair(repair, failure, body)] as const);
  return new Map(await Promise.all(tried));
}

/** A record as a decision makes it: its state, when it is due, and its repaired content beside the original. */
export function applyDecision(
  failure: FailedMessage,
  decision: Decision,
  nowMs: number,
  random: number,
): FailedMessage {
  const { rule, to, alert, because, backoff, repair } = decision;
  const change = repair && { kind: "repair" as const, by: repair.name, atMs: nowMs, diff: repair.outcome.diff };
  return {
    ...(change ? changedContent(failure, repair.outcome.content, change) : failure),
    state: to,
    rule,
    because,
    alert,
    ...(to === "healing" && { dueAtMs: nowMs + healDelaySeconds(backoff, failure.heals, random) * 1_000 }),
  };
}
