import type { DecisionFacts } from "./decide.ts";
import type { Bounds, PolicyCondition } from "./policy.ts";

type Checks = {
  readonly [Field in keyof PolicyCondition]-?: (
    wanted: NonNullable<PolicyCondition[Field]>,
    facts: DecisionFacts,
  ) => string | undefined;
};

/** For each condition, why it does not hold, in words. A new one is a line here and one in its checks. */
const CHECKS: Checks = {
  category: (wanted, { failure }) => unlessOneOf("category", failure.reason.category, wanted),
  cause: (wanted, { failure }) => unlessOneOf("cause", failure.cause, wanted),
  severity: (wanted, { failure }) => unlessOneOf("severity", failure.reason.severity, wanted),
  retryable: (wanted, { failure }) => unlessOneOf("retryable", failure.reason.retryable, wanted),
  queue: (wanted, { failure }) => unlessOneOf("queue", failure.queue, wanted),
  errorName: (wanted, { failure }) => unlessOneOf("errorName", failure.reason.errorName, wanted),
  messageIncludes: (wanted, { failure }) => {
    const message = failure.reason.message.toLowerCase();
    const holds = listOf(wanted).some((part) => message.includes(part.toLowerCase()));
    return holds ? undefined : `messageIncludes: the message has no ${show(wanted)}`;
  },
  ageSeconds: (wanted, { failure, nowMs }) =>
    unlessWithin("ageSeconds", Math.floor((nowMs - failure.sentAtMs) / 1_000), wanted),
  heals: (wanted, { failure }) => unlessWithin("heals", failure.heals, wanted),
  deaths: (wanted, { failure }) => unlessWithin("deaths", failure.deaths, wanted),
  groupDeaths: (wanted, { group }) => unlessWithin("groupDeaths", (group?.deaths ?? 0) + 1, wanted),
};

/** The names of all conditions. */
export const CONDITIONS: readonly (keyof PolicyCondition)[] = Object.keys(CHECKS) as (keyof PolicyCondition)[];

/** Why a condition does not hold, by the first part that does not; undefined where all of it holds. */
export function unmetCondition(when: PolicyCondition, facts: DecisionFacts): string | undefined {
  for (const field of CONDITIONS) {
    const wanted = when[field];
    if (wanted === undefined) continue;
    const unmet = (CHECKS[field] as (wanted: unknown, facts: DecisionFacts) => string | undefined)(wanted, facts);
    if (unmet !== undefined) return unmet;
  }
  return undefined;
}

function unlessOneOf<T>(field: string, is: T, wanted: T | readonly T[]): string | undefined {
  return listOf(wanted).includes(is) ? undefined : `${field} is ${show(is)}, not ${show(wanted)}`;
}

function unlessWithin(field: string, is: number, { from, below }: Bounds): string | undefined {
  if (from !== undefined && is < from) return `${field} is ${is}, under ${from}`;
  if (below !== undefined && is >= below) return `${field} is ${is}, not below ${below}`;
  return undefined;
}

function listOf<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function show(value: unknown): string {
  return Array.isArray(value) ? value.map(show).join(" or ") : JSON.stringify(value);
}
