import type { FailedMessage } from "../failure/failed-message.ts";
import type { FailureGroup } from "../failure/failure-group.ts";
import type { RepairOutcome } from "../heal/repair.ts";
import { asItDied } from "./as-it-died.ts";
import { type Decision, explainDecision } from "./decide.ts";
import type { Policy } from "./policy.ts";

/** What a policy does with a failed message, as a backtest counts it; `rePoisoned` is healed too, `alerted` comes beside the others. */
export type BacktestEnd = "alerted" | "archived" | "healed" | "held" | "rePoisoned";

/** A failed message as history has it. */
export interface PastFailure {
  readonly failure: FailedMessage;
  /** Its group as it is now: how it fared. */
  readonly group: FailureGroup | undefined;
  /** What each registered repair would make of what the producer sent, by name. */
  readonly repairs: ReadonlyMap<string, RepairOutcome>;
}

/** One message that a candidate would treat otherwise than it was treated, or would heal in vain. */
export interface BacktestSample {
  readonly failure: string;
  readonly fingerprint: string;
  readonly was: Decision["to"];
  readonly becomes: Decision["to"];
  /** In words: the candidate's rule, and for what is re-poisoned what history shows. */
  readonly because: string;
}

/** What a candidate policy would make of history. */
export interface Backtest {
  /** Messages looked at; each is healed, archived or held by either policy. */
  readonly looked: number;
  /** Of these, how many the candidate would treat otherwise. */
  readonly changed: number;
  readonly candidate: Readonly<Record<BacktestEnd, number>>;
  /** What was done with them. */
  readonly history: Readonly<Record<BacktestEnd, number>>;
  /** Of each end, the first that would change; of `rePoisoned`, the first. At most 5 each. */
  readonly samples: Readonly<Record<BacktestEnd, readonly BacktestSample[]>>;
}

const MOST_SAMPLES = 5;

/** A backtest of no history yet. */
export function noBacktest(): Backtest {
  const none = { alerted: 0, archived: 0, healed: 0, held: 0, rePoisoned: 0 };
  return {
    looked: 0,
    changed: 0,
    candidate: none,
    history: none,
    samples: { alerted: [], archived: [], healed: [], held: [], rePoisoned: [] },
  };
}

/**
 * Adds one message of history to a backtest: what the candidate would have decided at its last death, beside what was decided.
 * Re-poisoned is what would be healed although history shows that it dies again: the message itself, or at least half of its group's heals.
 */
export function backtestOne(backtest: Backtest, candidate: Policy, past: PastFailure): Backtest {
  const { failure, group, repairs } = past;
  const { decision } = explainDecision(candidate, {
    failure: asItDied(failure),
    group,
    repairs,
    nowMs: failure.diedAtMs,
  });
  const was = decidedEnd(failure);
  const vain = relapseShown(past);
  const { to, alert } = decision;
  const ends = endsOf(to, alert, vain !== undefined);
  const changed = to !== was || alert !== failure.alert;
  const sample = {
    failure: failure.id,
    fingerprint: failure.reason.fingerprint,
    was,
    becomes: to,
    because: vain !== undefined && to === "healing" ? `${decision.because}; ${vain}` : decision.because,
  };
  const fresh = ends.filter((end) => {
    if (end === "rePoisoned") return true;
    return end === "alerted" ? !failure.alert : to !== was;
  });
  return {
    looked: backtest.looked + 1,
    changed: backtest.changed + (changed ? 1 : 0),
    candidate: counted(backtest.candidate, ends),
    history: counted(backtest.history, endsOf(was, failure.alert, vain !== undefined)),
    samples: sampled(backtest.samples, fresh, sample),
  };
}

/** What the policy had decided at the last death, read from where the message has gone since. */
function decidedEnd({ state, via }: FailedMessage): Decision["to"] {
  switch (state) {
    case "healing":
      return "healing";
    case "archived":
      return "archived";
    case "discarded":
    case "held":
      return "held";
    case "requeued":
    case "resolved":
      if (via === "heal") return "healing";
      return via === "replay" ? "archived" : "held";
  }
}

/** What history shows of healing it in vain, in words; undefined where it shows nothing of the kind. */
function relapseShown({ failure, group }: PastFailure): string | undefined {
  if (failure.state === "resolved") return undefined;
  if (failure.deaths > 1) return `it has died ${failure.deaths} times: it was sent again and died again`;
  if (!group || group.relapses === 0 || group.relapses * 2 < group.heals) return undefined;
  return `of ${group.heals} heals in its group ${group.relapses} relapsed`;
}

function endsOf(to: Decision["to"], alert: boolean, vain: boolean): readonly BacktestEnd[] {
  const beside: readonly BacktestEnd[] = alert ? ["alerted"] : [];
  if (to !== "healing") return [to, ...beside];
  return vain ? ["healed", "rePoisoned", ...beside] : ["healed", ...beside];
}

function counted(counts: Backtest["candidate"], ends: readonly BacktestEnd[]): Backtest["candidate"] {
  const added = { ...counts };
  for (const end of ends) added[end] += 1;
  return added;
}

function sampled(
  samples: Backtest["samples"],
  ends: readonly BacktestEnd[],
  sample: BacktestSample,
): Backtest["samples"] {
  const added = { ...samples };
  for (const end of ends) if (added[end].length < MOST_SAMPLES) added[end] = [...added[end], sample];
  return added;
}
