import type { Alert, FailureGroup } from "@reliq/core/recovery";
import type { Violation } from "./history.ts";

/** What came of a flood of equal failures. */
export interface Flood {
  readonly messages: number;
  /** What people were told, in order, each once. */
  readonly alerts: readonly Alert[];
  readonly groups: readonly FailureGroup[];
  /** How many failed messages are in each state. */
  readonly states: Readonly<Record<string, number>>;
  /** What recovery logged as errors. */
  readonly errors: readonly string[];
}

/**
 * A flood is one group, whose healing is disarmed; every message is held; and a person is told of its begin, that healing is
 * disarmed, of its count, and that it is over: six alerts at most, however many failures.
 */
export function checkFlood({ messages, alerts, groups, states, errors }: Flood): readonly Violation[] {
  const violations: Violation[] = [];
  const check = (kind: Violation["kind"], holds: boolean, evidence: () => string): void => {
    if (!holds) violations.push({ kind, evidence: evidence() });
  };
  const [group] = groups;
  check("lost", states["held"] === messages, () => `Of ${messages} messages are ${JSON.stringify(states)}.`);
  check("doubled", groups.length === 1, () => `${groups.length} groups, of equal failures.`);
  check(
    "broken",
    group?.healing === "disarmed",
    () => `Healing is ${group?.healing}, after ${group?.relapses} relapses.`,
  );
  const kinds = alerts.map(({ kind }) => kind).filter((kind) => kind !== "healing-disarmed");
  const titles = (): string => alerts.map(({ title }) => title).join("; ");
  // Stragglers that die after a quiet window begin a second alert, with an all-clear of its own.
  const told = kinds.join();
  check(
    "doubled",
    /^failures(,failures)?,all-clear(,failures,all-clear)?$/.test(told),
    () => `A person was told: ${titles()}.`,
  );
  check("broken", alerts.length === kinds.length + 1, () => `Disarming is to be told once: ${titles()}.`);
  const counted = alerts.reduce((sum, { count }) => sum + count, 0);
  check("lost", counted === group?.deaths, () => `${counted} deaths were told, of ${group?.deaths}.`);
  for (const error of errors.slice(0, 5)) check("broken", false, () => error);
  return violations;
}
