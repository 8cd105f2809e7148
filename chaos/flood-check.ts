import type { Alert, FailureGroup } from "@reliq/core/recovery";
import type { Violation } from "./history.ts";

/** What a person was told, and when: milliseconds since the Unix epoch. */
export interface ToldAlert {
  readonly alert: Alert;
  readonly atMs: number;
}

/** What came of a flood of equal failures. */
export interface Flood {
  readonly messages: number;
  readonly alertWindowSeconds: number;
  /** What people were told, in order, each once. */
  readonly alerts: readonly ToldAlert[];
  readonly groups: readonly FailureGroup[];
  /** How many failed messages are in each state. */
  readonly states: Readonly<Record<string, number>>;
  /** What recovery logged as errors. */
  readonly errors: readonly string[];
}

/** How much sooner than a window after the one before a count may be heard, because the way of that one took longer, milliseconds. */
const LONGEST_WAY_MS = 5_000;

/**
 * A flood is one group, whose healing is disarmed; every message is held; and it is one alert: its begin, a count a window at
 * most, that healing is disarmed, and one all-clear at its end, by which every death was told.
 */
export function checkFlood(flood: Flood): readonly Violation[] {
  const { messages, groups, states, errors } = flood;
  const violations: Violation[] = [...checkAlerts(flood)];
  const [group] = groups;
  if (states["held"] !== messages) {
    violations.push({ kind: "lost", evidence: `Of ${messages} messages are ${JSON.stringify(states)}.` });
  }
  if (groups.length !== 1)
    violations.push({ kind: "doubled", evidence: `${groups.length} groups, of equal failures.` });
  if (group?.healing !== "disarmed") {
    violations.push({ kind: "broken", evidence: `Healing is ${group?.healing}, after ${group?.relapses} relapses.` });
  }
  return [...violations, ...errors.slice(0, 5).map((evidence): Violation => ({ kind: "broken", evidence }))];
}

function checkAlerts({ alerts, groups, alertWindowSeconds }: Flood): readonly Violation[] {
  const violations: Violation[] = [];
  const check = (kind: Violation["kind"], holds: boolean, what: string): void => {
    if (!holds) violations.push({ kind, evidence: `${what}: ${alerts.map(({ alert }) => alert.title).join("; ")}.` });
  };
  const incidents = new Set(alerts.map(({ alert }) => alert.incident));
  check("doubled", incidents.size === 1, `One flood was told as ${incidents.size} problems`);
  const kinds = alerts.map(({ alert }) => alert.kind);
  const count = (kind: Alert["kind"]): number => kinds.filter((each) => each === kind).length;
  check("broken", kinds[0] === "failures", "The begin was not told first");
  check("broken", count("healing-disarmed") === 1, "Disarming is to be told once");
  check("doubled", count("all-clear") === 1 && kinds.at(-1) === "all-clear", "One all-clear is to be the end");
  const counts = alerts.filter(({ alert }) => alert.kind === "failures");
  const shortest = Math.min(...counts.slice(1).map(({ atMs }, index) => atMs - (counts[index]?.atMs ?? 0)));
  check("doubled", shortest >= alertWindowSeconds * 1_000 - LONGEST_WAY_MS, `Counts came ${shortest} ms apart`);
  const told = alerts.reduce((sum, { alert }) => sum + alert.count, 0);
  check("lost", told === groups[0]?.deaths, `${told} deaths were told, of ${groups[0]?.deaths}`);
  return violations;
}
