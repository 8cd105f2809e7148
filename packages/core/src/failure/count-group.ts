import type { FailureGroup, GroupCount } from "./failure-group.ts";

/** A group with a count added; the group of a first count is made of it. */
export function addCount(group: FailureGroup | undefined, count: GroupCount): FailureGroup {
  const { atMs, consumerVersion } = count;
  const before = group ?? newGroup(count);
  const isLatest = count.deaths > 0 && atMs >= before.lastSeenAtMs;
  return {
    ...before,
    deaths: before.deaths + count.deaths,
    heals: before.heals + count.heals,
    relapses: before.relapses + count.relapses,
    ...(count.deaths > 0 && { firstSeenAtMs: Math.min(before.firstSeenAtMs, atMs) }),
    ...(isLatest && { lastSeenAtMs: atMs, ...(consumerVersion !== undefined && { consumerVersion }) }),
  };
}

/** A group whose life cycle becomes that of `after`, while what is counted stays as it is stored. */
export function changeLifeCycle(stored: FailureGroup | undefined, after: FailureGroup): FailureGroup {
  if (!stored) return after;
  const { consumerVersion: _, ...lifeCycle } = after;
  return {
    ...lifeCycle,
    deaths: stored.deaths,
    heals: stored.heals,
    relapses: stored.relapses,
    firstSeenAtMs: stored.firstSeenAtMs,
    lastSeenAtMs: stored.lastSeenAtMs,
    ...(stored.consumerVersion !== undefined && { consumerVersion: stored.consumerVersion }),
  };
}

/** Begin of the hour that a time is in, milliseconds since the Unix epoch. */
export function hourOf(atMs: number): number {
  return atMs - (atMs % 3_600_000);
}

function newGroup({ group, first, atMs }: GroupCount): FailureGroup {
  return {
    id: group,
    ...first,
    state: "open",
    version: 1,
    firstSeenAtMs: atMs,
    lastSeenAtMs: atMs,
    deaths: 0,
    heals: 0,
    relapses: 0,
    healsWhenArmed: 0,
    relapsesWhenArmed: 0,
    healing: "armed",
  };
}
