import { payloadHash } from "../src/idempotency/payload-hash.ts";
import {
  type AlertState,
  type Approval,
  type AuditEntry,
  addCount,
  addedTotals,
  changeLifeCycle,
  checkChange,
  type FailedMessage,
  type FailureGroup,
  type FailureStore,
  failureSummary,
  forgottenAtMs,
  type GroupCount,
  hourOf,
  KEPT_MS,
  matchesFilter,
  noTotals,
  type QueueRun,
  type QueueTotals,
  type RedriveRun,
  type RunEntry,
  type Sha256,
  type StoreChange,
  sealEntry,
  sumTotals,
  type Transition,
} from "../src/recovery/index.ts";
import { pageOf } from "./page-of.ts";

const MOST_LISTED = 100;

interface Settings {
  /** Milliseconds since the Unix epoch; what is over is forgotten by it. @default a clock that stands still */
  readonly now?: () => number;
  /** @default a hash that is none for secrets */
  readonly sha256?: Sha256;
}

interface Tables {
  readonly failures: Map<string, FailedMessage>;
  readonly groups: Map<string, FailureGroup>;
  readonly hours: Map<string, Map<number, number>>;
  readonly totals: Map<string, QueueTotals>;
  readonly runs: Map<string, RedriveRun>;
  readonly entries: Map<string, RunEntry>;
  readonly queueRuns: Map<string, QueueRun>;
  readonly alerts: Map<string, AlertState>;
  readonly approvals: Map<string, Approval>;
  readonly chains: Map<string, AuditEntry[]>;
}

/** A failure store in memory; it passes the same contract suite as the real one. */
export function memoryFailureStore({
  now = () => Date.UTC(2026, 1, 1, 12),
  sha256 = payloadHash,
}: Settings = {}): FailureStore {
  const tables = emptyTables();
  const failure = (id: string): FailedMessage | undefined => {
    const found = tables.failures.get(id);
    return found && (forgottenAtMs(found) ?? Number.POSITIVE_INFINITY) > now() ? found : undefined;
  };
  const known = (): readonly FailedMessage[] => [...tables.failures.keys()].flatMap((id) => failure(id) ?? []);
  return {
    failures: async (ids) => ids.map(failure),
    groups: async (ids) => ids.map((id) => tables.groups.get(id)),
    commit: async (change) => commit(tables, failure, change, sha256),
    listFailures: async ({ filter = {}, ...options }) => {
      const summaries = known()
        .map(failureSummary)
        .filter((each) => matchesFilter(each, filter));
      const { items, next } = pageOf(summaries, ({ capturedAtMs }) => capturedAtMs, options);
      return { failures: items, ...(next !== undefined && { next }) };
    },
    listGroups: async ({ filter = {}, ...options }) => {
      const groups = [...tables.groups.values()].filter(
        ({ queue, state }) => (filter.queue ?? queue) === queue && (filter.state ?? state) === state,
      );
      const { items, next } = pageOf(groups, ({ lastSeenAtMs }) => lastSeenAtMs, options);
      return { groups: items, ...(next !== undefined && { next }) };
    },
    hours: async (group, fromMs, toMs) =>
      [...(tables.hours.get(group) ?? [])]
        .map(([atMs, deaths]) => ({ atMs, deaths }))
        .filter(({ atMs }) => atMs >= fromMs && atMs < toMs && atMs + KEPT_MS > now())
        .sort((a, b) => a.atMs - b.atMs),
    overdue: async (state, beforeMs) =>
      known()
        .filter((each) => each.state === state && waitingSince(each) <= beforeMs)
        .sort((a, b) => waitingSince(a) - waitingSince(b) || (a.id < b.id ? -1 : 1))
        .slice(0, MOST_LISTED)
        .map(({ id }) => id),
    totals: async () => [...tables.totals.values()],
    run: async (id) => tables.runs.get(id),
    listRuns: async (options) => {
      const { items, next } = pageOf([...tables.runs.values()], ({ startedAtMs }) => startedAtMs, options);
      return { runs: items, ...(next !== undefined && { next }) };
    },
    entries: async (run, from) =>
      [...tables.entries.values()]
        .filter((each) => each.run === run && each.position >= from)
        .sort((a, b) => a.position - b.position)
        .slice(0, MOST_LISTED),
    queueRun: async (queue) => tables.queueRuns.get(queue),
    alert: async (group) => tables.alerts.get(group),
    approval: async (id) => tables.approvals.get(id),
    listApprovals: async ({ state, ...options }) => {
      const wanted = [...tables.approvals.values()].filter((each) => (state ?? each.state) === each.state);
      const { items, next } = pageOf(wanted, ({ askedAtMs }) => askedAtMs, options);
      return { approvals: items, ...(next !== undefined && { next }) };
    },
    audit: async (chain, from) =>
      (tables.chains.get(chain) ?? []).filter(({ sequence }) => sequence >= from).slice(0, MOST_LISTED),
    auditHead: async (chain) => {
      const last = tables.chains.get(chain)?.at(-1);
      return last && { chain, sequence: last.sequence, hash: last.hash };
    },
    chains: async () => [...tables.chains.keys()],
  };
}

function emptyTables(): Tables {
  return {
    failures: new Map(),
    groups: new Map(),
    hours: new Map(),
    totals: new Map(),
    runs: new Map(),
    entries: new Map(),
    queueRuns: new Map(),
    alerts: new Map(),
    approvals: new Map(),
    chains: new Map(),
  };
}

function commit(
  tables: Tables,
  failure: (id: string) => FailedMessage | undefined,
  change: StoreChange,
  sha256: Sha256,
): "committed" | "conflict" {
  checkChange(change);
  const {
    failures = [],
    groups = [],
    runs = [],
    entries = [],
    queueRuns = [],
    alerts = [],
    approvals = [],
    counts = [],
    audit,
  } = change;
  const holds =
    failures.every((each) => isAt(each, failure(each.after.id))) &&
    groups.every((each) => isAt(each, tables.groups.get(each.after.id))) &&
    runs.every((each) => isAt(each, tables.runs.get(each.after.id))) &&
    entries.every(({ before, after }) => tables.entries.get(entryKey(after))?.state === before?.state) &&
    queueRuns.every((each) => isAt(each, tables.queueRuns.get(each.after.queue))) &&
    alerts.every((each) => isAt(each, tables.alerts.get(each.after.group))) &&
    approvals.every((each) => isAt(each, tables.approvals.get(each.after.id)));
  if (!holds) return "conflict";
  for (const added of addedTotals(failures)) {
    tables.totals.set(added.queue, sumTotals(tables.totals.get(added.queue) ?? noTotals(added.queue), added));
  }
  for (const { after } of failures) tables.failures.set(after.id, after);
  for (const { after } of groups) tables.groups.set(after.id, changeLifeCycle(tables.groups.get(after.id), after));
  for (const count of counts) addToGroup(tables, count);
  for (const { after } of runs) tables.runs.set(after.id, after);
  for (const { after } of entries) tables.entries.set(entryKey(after), after);
  for (const { after } of queueRuns) tables.queueRuns.set(after.queue, after);
  for (const { after } of alerts) tables.alerts.set(after.group, after);
  for (const { after } of approvals) tables.approvals.set(after.id, after);
  const chain = tables.chains.get(audit.chain) ?? [];
  tables.chains.set(audit.chain, [...chain, sealEntry(audit, chain.at(-1), sha256)]);
  return "committed";
}

function isAt<Item extends { readonly version: number }>(
  { before }: Transition<Item>,
  stored: Item | undefined,
): boolean {
  return before?.version === stored?.version;
}

function addToGroup({ groups, hours }: Tables, count: GroupCount): void {
  groups.set(count.group, addCount(groups.get(count.group), count));
  if (count.deaths === 0) return;
  const ofGroup = hours.get(count.group) ?? new Map<number, number>();
  const hour = hourOf(count.atMs);
  hours.set(count.group, ofGroup.set(hour, (ofGroup.get(hour) ?? 0) + count.deaths));
}

function waitingSince({ state, dueAtMs, requeuedAtMs }: FailedMessage): number {
  return (state === "healing" ? dueAtMs : requeuedAtMs) ?? Number.POSITIVE_INFINITY;
}

function entryKey({ run, position }: RunEntry): string {
  return JSON.stringify([run, position]);
}
