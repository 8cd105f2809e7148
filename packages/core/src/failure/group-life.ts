import { ReliqError } from "../errors.ts";
import type { FailureGroup } from "./failure-group.ts";

/** Until when a group is ignored: what comes first ends it. */
export interface IgnoredUntil {
  /** Milliseconds since the Unix epoch. */
  readonly atMs?: number;
  /** Deaths of the group in all. */
  readonly deaths?: number;
}

/**
 * What further deaths, of messages that a consumer of this version had, make of a group; the same object where its life does
 * not change. A resolved group regresses, but for deaths of versions older than the one that resolved it. An ignored one is
 * open again when its condition is met. Counts stay: a commit adds them.
 */
export function groupAfterDeath(
  group: FailureGroup,
  version: string | undefined,
  nowMs: number,
  deaths = 1,
): FailureGroup {
  switch (group.state) {
    case "resolved":
      return isOlder(version, group.resolvedInVersion) ? group : moved(group, { state: "regressed" });
    case "ignored":
      return isIgnored(group, nowMs, deaths) ? group : moved(group, { state: "open" });
    case "acknowledged":
    case "open":
    case "regressed":
      return group;
  }
}

/** Somebody knows of it. */
export function acknowledged(group: FailureGroup, by: string): FailureGroup {
  if (group.state === "acknowledged") return group;
  refuseResolved(group, "acknowledged");
  return moved(group, { state: "acknowledged", changedBy: by });
}

/** It is over; with a version, deaths of older versions do not bring it back. */
export function resolved(group: FailureGroup, by: string, version?: string): FailureGroup {
  if (group.state === "resolved" && group.resolvedInVersion === version) return group;
  return moved(group, {
    state: "resolved",
    changedBy: by,
    ...(version !== undefined && { resolvedInVersion: version }),
  });
}

/**
 * Nobody is told of it until a time or a number of deaths.
 * @throws ReliqError `group-change` without a condition, or with one that is met already.
 */
export function ignored(group: FailureGroup, by: string, until: IgnoredUntil, nowMs: number): FailureGroup {
  const { atMs, deaths } = until;
  refuseResolved(group, "ignored");
  if (atMs === undefined && deaths === undefined) {
    throw new ReliqError(
      "group-change",
      `The group ${group.id} is ignored until when? Give a time or a number of deaths.`,
    );
  }
  if (atMs !== undefined && !(atMs > nowMs)) {
    throw new ReliqError(
      "group-change",
      `The group ${group.id} cannot be ignored until ${atMs}: that is over at ${nowMs}.`,
    );
  }
  if (deaths !== undefined && !(Number.isSafeInteger(deaths) && deaths > group.deaths)) {
    const fix = `give a whole number over the ${group.deaths} that it has.`;
    throw new ReliqError("group-change", `The group ${group.id} cannot be ignored until ${deaths} deaths: ${fix}`);
  }
  if (group.state === "ignored" && group.ignoredUntilMs === atMs && group.ignoredUntilDeaths === deaths) return group;
  return moved(group, {
    state: "ignored",
    changedBy: by,
    ...(atMs !== undefined && { ignoredUntilMs: atMs }),
    ...(deaths !== undefined && { ignoredUntilDeaths: deaths }),
  });
}

/** Heals its messages again: the failure budget counts anew. */
export function armed(group: FailureGroup): FailureGroup {
  const { heals, relapses } = group;
  const fresh = group.healsWhenArmed === heals && group.relapsesWhenArmed === relapses;
  if (group.healing === "armed" && fresh) return group;
  return {
    ...group,
    version: group.version + 1,
    healing: "armed",
    healsWhenArmed: heals,
    relapsesWhenArmed: relapses,
  };
}

/** A state has its own conditions with it, and no other state's. */
function moved(
  { ignoredUntilMs: _, ignoredUntilDeaths: __, resolvedInVersion: ___, ...group }: FailureGroup,
  change: Partial<FailureGroup>,
): FailureGroup {
  return { ...group, ...change, version: group.version + 1 };
}

function isIgnored({ ignoredUntilMs, ignoredUntilDeaths, deaths }: FailureGroup, nowMs: number, more: number): boolean {
  return (
    (ignoredUntilMs === undefined || nowMs < ignoredUntilMs) &&
    (ignoredUntilDeaths === undefined || deaths + more < ignoredUntilDeaths)
  );
}

/** Versions are compared where both are numbers with dots (`1.10.2`); any other text is not known to be older. */
function isOlder(version: string | undefined, than: string | undefined): boolean {
  const [left, right] = [readVersion(version), readVersion(than)];
  if (!left || !right) return false;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function readVersion(version = ""): readonly number[] | undefined {
  return /^v?\d+(\.\d+)*$/.test(version) ? version.replace("v", "").split(".").map(Number) : undefined;
}

function refuseResolved({ id, state }: FailureGroup, wanted: string): void {
  if (state !== "resolved") return;
  throw new ReliqError(
    "group-change",
    `The group ${id} is resolved, so it cannot be ${wanted}: there is nothing of it.`,
  );
}
