import type { FailureFilter, FailureSummary } from "../failure/failure-filter.ts";
import { isFifo } from "../order/is-fifo.ts";
import type { FailureStore } from "../recover-ports.ts";
import type { OpenMessage } from "./judge-all.ts";
import { olderFirst } from "./order-plan.ts";

/** The most messages that are looked at to find the oldest. */
const MOST_LISTED = 10_000;

/** The largest page of a list. */
const PAGE = 1_000;

/** How many groups are asked about at once. */
const GROUPS_AT_ONCE = 10;

/** The oldest messages that a filter finds, older first, and whether there are more. */
export interface Candidates {
  readonly failures: readonly FailureSummary[];
  readonly more: boolean;
}

/** Finds the oldest messages that a filter matches, of the 10,000 newest. */
export async function findCandidates(filter: FailureFilter, most: number, store: FailureStore): Promise<Candidates> {
  const { failures, more } = await listAll(filter, MOST_LISTED, store);
  return { failures: failures.toSorted(olderFirst).slice(0, most), more: more || failures.length > most };
}

/** Lists what a filter matches, newest first, up to a number. */
export async function listAll(filter: FailureFilter, most: number, store: FailureStore): Promise<Candidates> {
  const failures: FailureSummary[] = [];
  let after: string | undefined;
  do {
    const page = await store.listFailures({ filter, limit: PAGE, ...(after !== undefined && { after }) });
    failures.push(...page.failures);
    after = page.next;
  } while (after !== undefined && failures.length < most);
  return { failures: failures.slice(0, most), more: after !== undefined || failures.length > most };
}

/** FIFO: what has failed in the messages' groups before the newest of them, is not over, and is not among them. Consistent. */
export async function findOthers(
  queue: string,
  candidates: readonly FailureSummary[],
  store: FailureStore,
): Promise<readonly OpenMessage[]> {
  if (!isFifo(queue)) return [];
  const ids = new Set(candidates.map(({ id }) => id));
  const groups = [...Map.groupBy(candidates, ({ groupId }) => groupId)];
  const others: string[] = [];
  for (let start = 0; start < groups.length; start += GROUPS_AT_ONCE) {
    const lists = groups
      .slice(start, start + GROUPS_AT_ONCE)
      .map(([group, members]) => (group === undefined ? [] : listOlder(queue, group, members, store)));
    others.push(...(await Promise.all(lists)).flat().filter((id) => !ids.has(id)));
  }
  // A list can be behind: what has ended meanwhile holds nothing back.
  const records = await store.failures(others);
  return records.flatMap((record) =>
    record && OPEN.some((state) => state === record.state) ? openMessage(record) : [],
  );
}

const OPEN = ["held", "healing", "requeued"] as const;

async function listOlder(
  queue: string,
  messageGroup: string,
  members: readonly FailureSummary[],
  store: FailureStore,
): Promise<readonly string[]> {
  const lists = await Promise.all(OPEN.map((state) => listAll({ queue, messageGroup, state }, MOST_LISTED, store)));
  return lists.flatMap(({ failures }) =>
    failures.filter((each) => members.some((member) => olderFirst(each, member) < 0)).map(({ id }) => id),
  );
}

function openMessage({ id, groupId, sequenceNumber }: FailureSummary): OpenMessage[] {
  return groupId === undefined || sequenceNumber === undefined ? [] : [{ id, group: groupId, sequenceNumber }];
}
