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
import { auditItem, failureItem, groupItem, headItem, recordItem, runItem } from "./records.ts";

/** One write of a commit's transaction. */
export interface PlannedWrite {
  /** What it writes, for errors. */
  readonly what: string;
  /** Whose condition it has: the change's, which lost if it fails, or the store's, which then reads again. */
  readonly owner: "audit" | "change" | "store";
  readonly write: TransactWriteItem;
}

interface Condition {
  readonly text: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

const ABSENT: Condition = { text: "attribute_not_exists(pk)" };

/** The writes that make a change, its counts and its audit entry true together, upon what is stored. */
export function planCommit(
  table: string,
  change: StoreChange,
  base: Base,
  { nowMs, sha256 }: { readonly nowMs: number; readonly sha256: Sha256 },
): readonly PlannedWrite[] {
  const planned: PlannedWrite[] = [];
  const put = (owner: PlannedWrite["owner"], what: string, Item: Item, condition?: Condition): void => {
    planned.push({ owner, what, write: { Put: { TableName: table, Item, ...conditional(condition) } } });
  };
  for (const { before, after } of change.failures ?? []) {
    put("change", after.id, failureItem(after), before ? isVersion(before.version) : absentAt(nowMs));
  }
  for (const { before, after } of change.runs ?? []) put("change", `run ${after.id}`, runItem(after), isBefore(before));
  for (const { before, after } of change.entries ?? []) {
    const what = `entry ${after.position} of run ${after.run}`;
    put("change", what, recordItem(entryKey(after), after), before ? isState(before.state) : ABSENT);
  }
  for (const { before, after } of change.queueRuns ?? []) {
    put("change", `run of queue ${after.queue}`, recordItem(queueRunKey(after.queue), after), isBefore(before));
  }
  for (const { before, after } of change.alerts ?? []) {
    put("change", `alert of ${after.group}`, recordItem(alertKey(after.group), after), isBefore(before));
  }
  for (const group of countedGroups(change, base)) {
    put("store", `group ${group.id}`, groupItem(group), isAsRead(base.groups.get(group.id)));
  }
  const totals = addedTotals(change.failures ?? []);
  for (const { queue } of totals.filter((each) => !base.queues.has(each.queue))) {
    put("store", `queue ${queue}`, { ...directoryKey("queue", queue), ...marshall({ name: queue }) });
  }
  const { chain } = change.audit;
  const entry = sealEntry(change.audit, base.head, sha256);
  if (!base.head) put("store", `chain ${chain}`, { ...directoryKey("chain", chain), ...marshall({ name: chain }) });
  put("store", `head of chain ${chain}`, headItem(entry), base.head ? isHead(base.head) : ABSENT);
  put("audit", `entry ${entry.sequence} of chain ${chain}`, auditItem(entry), ABSENT);
  return [...planned, ...hourWrites(table, change.counts ?? []), ...totals.map((each) => totalsWrite(table, each))];
}

/** Groups as they are after the change: life cycles first, then what is counted. */
function countedGroups({ groups = [], counts = [] }: StoreChange, base: Base): Iterable<FailureGroup> {
  const after = new Map<string, FailureGroup>();
  for (const group of groups) after.set(group.after.id, changeLifeCycle(base.groups.get(group.after.id), group.after));
  for (const count of counts) {
    after.set(count.group, addCount(after.get(count.group) ?? base.groups.get(count.group), count));
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
