import type { StoreChange } from "@reliq/core/recovery";
import { groupsOf } from "./read-base.ts";
import { MOST_WRITES } from "./transact.ts";

/** The most bytes of bodies of one transaction that several changes share: with all else of the records it stays far under the 4 MiB that DynamoDB takes. */
const MOST_BODY_BYTES = 512 * 1024;

/** A chain's head and its name. */
const WRITES_OF_CHAIN = 2;

/** How many of these changes, from the first on, one transaction takes: at least one, and no two that are about the same record. */
export function fitting(changes: readonly StoreChange[]): number {
  const records = new Set<string>();
  const shared = new Set<string>();
  let bytes = 0;
  for (const [count, change] of changes.entries()) {
    const own = recordsOf(change);
    const clash = own.some((name) => records.has(name));
    for (const name of own) records.add(name);
    for (const name of sharedBy(change)) shared.add(name);
    bytes += bodyBytes(change);
    const writes = records.size + shared.size + (count + 1) + WRITES_OF_CHAIN;
    if (count > 0 && (clash || writes > MOST_WRITES || bytes > MOST_BODY_BYTES)) return count;
  }
  return changes.length;
}

function recordsOf(change: StoreChange): readonly string[] {
  const { failures = [], groups = [], runs = [], entries = [], queueRuns = [], alerts = [], approvals = [] } = change;
  return [
    ...failures.map(({ after }) => `failure ${after.id}`),
    // Two life cycles of one group are each other's condition.
    ...groups.map(({ after }) => `life ${after.id}`),
    ...runs.map(({ after }) => `run ${after.id}`),
    ...entries.map(({ after }) => `entry ${after.run} ${after.position}`),
    ...queueRuns.map(({ after }) => `queue ${after.queue}`),
    ...alerts.map(({ after }) => `alert ${after.group}`),
    ...approvals.map(({ after }) => `approval ${after.id}`),
  ];
}

/** A group with its hours, of which a change can touch two; a queue's totals and its name. */
function sharedBy(change: StoreChange): readonly string[] {
  const groups = groupsOf(change).flatMap((id) => [`group ${id}`, `hour ${id}`, `next hour ${id}`]);
  const queues = (change.failures ?? []).flatMap(({ after: { queue } }) => [`totals ${queue}`, `name ${queue}`]);
  return [...groups, ...queues];
}

function bodyBytes({ failures = [] }: StoreChange): number {
  return failures.reduce((sum, { after: { body, original } }) => sum + body.length + (original?.body.length ?? 0), 0);
}
