import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import {
  addCount,
  addedTotals,
  changeLifeCycle,
  type FailureGroup,
  type GroupCount,
  hourOf,
  KEPT_MS,
  type QueueTotals,
  type Sha256,
  type StoreChange,
  sealEntry,
} from "@reliq/core/recovery";
import type { Item } from "../statements.ts";
import { alertKey, directoryKey, entryKey, hourKey, queueRunKey, totalsKey } from "./keys.ts";
import type { Base } from "./read-base.ts";
import { approvalItem, auditItem, failureItem, groupItem, headItem, recordItem, runItem } from "./records.ts";

/** One write of a commit's transaction. */
export interface PlannedWrite {
  /** What it writes, for errors. */
  readonly what: string;
  /** Whose condition it has: the change's, which lost if it fails, or the store's, which then reads again. */
  readonly owner: "audit" | "change" | "store";
  /** Which change, where it is one's. */
  readonly of?: number;
  readonly write: TransactWriteItem;
}

/** What commits changes, and what is stored then. */
export interface PlannedCommit {
  readonly planned: readonly PlannedWrite[];
  readonly after: Base;
}

interface Condition {
  readonly text: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

const ABSENT: Condition = { text: "attribute_not_exists(pk)" };

/** The writes that make changes of one chain, their counts and their audit entries true together, in their order, upon what is stored. */
export function planCommit(
  table: string,
  changes: readonly StoreChange[],
  base: Base,
  { nowMs, sha256 }: { readonly nowMs: number; readonly sha256: Sha256 },
): PlannedCommit {
  const groups = new Map(base.groups);
  const counted = new Set<string>();
  let head = base.head;
  const own = changes.flatMap((change, index) => {
    for (const group of countedGroups(change, groups)) {
      groups.set(group.id, group);
      counted.add(group.id);
    }
    const entry = sealEntry(change.audit, head, sha256);
    head = entry;
    const what = `entry ${entry.sequence} of chain ${entry.chain}`;
    const write = { Put: { TableName: table, Item: auditItem(entry), ...conditional(ABSENT) } };
    return [...ownWrites(table, change, index, nowMs), { owner: "audit" as const, what, write }];
  });
  const planned: PlannedWrite[] = [...own];
  const put = (what: string, Item: Item, condition?: Condition): void => {
    planned.push({ owner: "store", what, write: { Put: { TableName: table, Item, ...conditional(condition) } } });
  };
  for (const id of counted) {
    const group = groups.get(id);
    if (group) put(`group ${id}`, groupItem(group), isAsRead(base.groups.get(id)));
  }
  const totals = addedTotals(changes.flatMap(({ failures = [] }) => failures));
  for (const { queue } of totals.filter((each) => !base.queues.get(each.queue))) {
    put(`queue ${queue}`, { ...directoryKey("queue", queue), ...marshall({ name: queue }) });
  }
  if (head) {
    const { chain } = head;
    if (!base.head) put(`chain ${chain}`, { ...directoryKey("chain", chain), ...marshall({ name: chain }) });
    put(`head of chain ${chain}`, headItem(head), base.head ? isHead(base.head) : ABSENT);
  }
  const counts = changes.flatMap((change) => change.counts ?? []);
  planned.push(...hourWrites(table, counts), ...totals.map((each) => totalsWrite(table, each)));
  const queues = new Map([...base.queues, ...totals.map(({ queue }) => [queue, true] as const)]);
  return { planned, after: { head, groups, queues } };
}

/** The records that a change itself is about, each on its own condition. */
function ownWrites(table: string, change: StoreChange, of: number, nowMs: number): readonly PlannedWrite[] {
  const planned: PlannedWrite[] = [];
  const put = (what: string, Item: Item, condition: Condition): void => {
    planned.push({ owner: "change", of, what, write: { Put: { TableName: table, Item, ...conditional(condition) } } });
  };
  for (const { before, after } of change.failures ?? []) {
    put(after.id, failureItem(after), before ? isVersion(before.version) : absentAt(nowMs));
  }
  for (const { before, after } of change.runs ?? []) put(`run ${after.id}`, runItem(after), isBefore(before));
  for (const { before, after } of change.entries ?? []) {
    const what = `entry ${after.position} of run ${after.run}`;
    put(what, recordItem(entryKey(after), after), before ? isState(before.state) : ABSENT);
  }
  for (const { before, after } of change.queueRuns ?? []) {
    put(`run of queue ${after.queue}`, recordItem(queueRunKey(after.queue), after), isBefore(before));
  }
  for (const { before, after } of change.alerts ?? []) {
    put(`alert of ${after.group}`, recordItem(alertKey(after.group), after), isBefore(before));
  }
  for (const { before, after } of change.approvals ?? []) {
    put(`approval ${after.id}`, approvalItem(after), isBefore(before));
  }
  return planned;
}

/** Groups as they are after the change: life cycles first, then what is counted. */
function countedGroups({ groups = [], counts = [] }: StoreChange, stored: Base["groups"]): Iterable<FailureGroup> {
  const after = new Map<string, FailureGroup>();
  for (const group of groups) after.set(group.after.id, changeLifeCycle(stored.get(group.after.id), group.after));
  for (const count of counts) {
    after.set(count.group, addCount(after.get(count.group) ?? stored.get(count.group), count));
  }
  return after.values();
}

function hourWrites(table: string, counts: readonly GroupCount[]): readonly PlannedWrite[] {
  const hours = new Map<string, { group: string; atMs: number; deaths: number }>();
  for (const { group, deaths, atMs } of counts.filter((count) => count.deaths > 0)) {
    const name = `${group} ${hourOf(atMs)}`;
    hours.set(name, { group, atMs: hourOf(atMs), deaths: (hours.get(name)?.deaths ?? 0) + deaths });
  }
  return [...hours.values()].map(({ group, atMs, deaths }) => ({
    owner: "store",
    what: `an hour of group ${group}`,
    write: {
      Update: {
        TableName: table,
        Key: hourKey(group, atMs),
        UpdateExpression: "ADD deaths :deaths SET atMs = :atMs, expiresAt = :expiresAt",
        ExpressionAttributeValues: marshall({
          ":deaths": deaths,
          ":atMs": atMs,
          ":expiresAt": Math.floor((atMs + KEPT_MS) / 1_000),
        }),
      },
    },
  }));
}

function totalsWrite(table: string, { queue, states, deaths, sends }: QueueTotals): PlannedWrite {
  const added = Object.entries({ ...states, deaths, sends });
  return {
    owner: "store",
    what: `totals of ${queue}`,
    write: {
      Update: {
        TableName: table,
        Key: totalsKey(queue),
        UpdateExpression: `SET #queue = :queue ADD ${added.map(([name]) => `#${name} :${name}`).join(", ")}`,
        ExpressionAttributeNames: {
          "#queue": "queue",
          ...Object.fromEntries(added.map(([name]) => [`#${name}`, name])),
        },
        ExpressionAttributeValues: marshall({
          ":queue": queue,
          ...Object.fromEntries(added.map(([name, count]) => [`:${name}`, count])),
        }),
      },
    },
  };
}

/** DynamoDB deletes an expired item up to days late: until then it is as good as absent. */
function absentAt(nowMs: number): Condition {
  return { text: "attribute_not_exists(pk) OR expiresAt <= :now", values: { ":now": Math.floor(nowMs / 1_000) } };
}

function isBefore(before: { readonly version: number } | undefined): Condition {
  return before ? isVersion(before.version) : ABSENT;
}

function isVersion(version: number): Condition {
  return { text: "#record.version = :version", names: { "#record": "record" }, values: { ":version": version } };
}

function isState(state: string): Condition {
  const names = { "#record": "record", "#state": "state" };
  return { text: "#record.#state = :state", names, values: { ":state": state } };
}

function isAsRead(group: FailureGroup | undefined): Condition {
  if (!group) return ABSENT;
  const read = ["version", "deaths", "heals", "relapses", "firstSeenAtMs", "lastSeenAtMs"] as const;
  return {
    text: read.map((name) => `#record.${name} = :${name}`).join(" AND "),
    names: { "#record": "record" },
    values: Object.fromEntries(read.map((name) => [`:${name}`, group[name]])),
  };
}

function isHead({ sequence, hash }: { readonly sequence: number; readonly hash: string }): Condition {
  const names = { "#sequence": "sequence", "#hash": "hash" };
  return { text: "#sequence = :sequence AND #hash = :hash", names, values: { ":sequence": sequence, ":hash": hash } };
}

function conditional(condition: Condition | undefined): object {
  if (!condition) return {};
  return {
    ConditionExpression: condition.text,
    ...(condition.names && { ExpressionAttributeNames: condition.names }),
    ...(condition.values && { ExpressionAttributeValues: marshall(condition.values) }),
  };
}
