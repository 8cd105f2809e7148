import type { FailureCategory, Severity } from "../classify/category.ts";

/** Where a failure group is in its life. */
export type GroupState = "open" | "acknowledged" | "resolved" | "regressed" | "ignored";

/** Failures of one queue with one fingerprint: one problem. */
export interface FailureGroup {
  /** `<queue>:<fingerprint>` */
  readonly id: string;
  readonly queue: string;
  readonly fingerprint: string;
  readonly state: GroupState;
  /** Grows by one with each change of its life cycle; counts do not change it. */
  readonly version: number;
  readonly category: FailureCategory;
  readonly severity: Severity;
  /** Of its first failure. */
  readonly errorName: string;
  readonly message: string;
  /** Milliseconds since the Unix epoch, as all times. */
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  readonly consumerVersion?: string;
  /** Deaths of its messages. */
  readonly deaths: number;
  /** Heals of its messages whose outcome is known, and how many of these died again. */
  readonly heals: number;
  readonly relapses: number;
  /** What `heals` and `relapses` were when healing was armed last: the failure budget counts from there. */
  readonly healsWhenArmed: number;
  readonly relapsesWhenArmed: number;
  /** `disarmed`: its failure budget is spent, and nothing of it is healed until a person arms it. */
  readonly healing: "armed" | "disarmed";
  /** While ignored: until this time, or until so many deaths in all; what comes first ends it. */
  readonly ignoredUntilMs?: number;
  readonly ignoredUntilDeaths?: number;
  /** While resolved: the consumer version that resolved it; deaths of older versions do not make it regress. */
  readonly resolvedInVersion?: string;
  /** Who acknowledged, resolved or ignored it last. */
  readonly changedBy?: string;
}

/** What a batch of deaths, heals and relapses adds to a group; counting twice is prevented by the commit that it is part of. */
export interface GroupCount {
  readonly group: string;
  readonly deaths: number;
  readonly heals: number;
  readonly relapses: number;
  /** When: its hour gets the deaths. */
  readonly atMs: number;
  readonly consumerVersion?: string;
  /** What the group is made of where this is its first death. */
  readonly first: Pick<FailureGroup, "queue" | "fingerprint" | "category" | "severity" | "errorName" | "message">;
}

/** Deaths of a group in one hour. */
export interface HourCount {
  /** The hour's begin, milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly deaths: number;
}

/** Names a failure group. */
export function groupId(queue: string, fingerprint: string): string {
  return `${queue}:${fingerprint}`;
}
