import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AuditHead, FailureGroup, StoreChange } from "@reliq/core/recovery";
import { readItems } from "../read-items.ts";
import { groupKey, headKey, keyText, totalsKey } from "./keys.ts";
import { readHead, readRecord } from "./records.ts";

/** What a commit builds upon. */
export interface Base {
  readonly head: AuditHead | undefined;
  /** By id, those that were read; undefined: there is none yet. */
  readonly groups: ReadonlyMap<string, FailureGroup | undefined>;
  /** By name, those that were read, and whether they have totals already. */
  readonly queues: ReadonlyMap<string, boolean>;
}

/** What a change is built upon, by name. */
interface Needed {
  readonly groups: ReadonlySet<string>;
  readonly queues: ReadonlySet<string>;
}

/** Reads what changes of one chain are built upon, consistently, in one request. */
export async function readBase(client: DynamoDBClient, table: string, changes: readonly StoreChange[]): Promise<Base> {
  const { groups, queues } = neededBy(changes);
  const head = headKey(changes[0]?.audit.chain ?? "");
  const keys = [head, ...[...groups].map(groupKey), ...[...queues].map(totalsKey)];
  const items = new Map((await readItems(client, table, keys)).map((item) => [keyText(item), item]));
  const group = (id: string): FailureGroup | undefined => {
    const item = items.get(keyText(groupKey(id)));
    return item && readRecord<FailureGroup>(item);
  };
  return {
    head: readHead(items.get(keyText(head))),
    groups: new Map([...groups].map((id) => [id, group(id)])),
    queues: new Map([...queues].map((queue) => [queue, items.has(keyText(totalsKey(queue)))])),
  };
}

/** Whether a base has all that changes are built upon, and their groups' life cycles are as they say: counts may have changed meanwhile. */
export function holds(base: Base, changes: readonly StoreChange[]): boolean {
  const { groups, queues } = neededBy(changes);
  const known = [...groups].every((id) => base.groups.has(id)) && [...queues].every((queue) => base.queues.has(queue));
  return known && changes.every((change) => groupsHold(change, base));
}

/** Whether the life cycles of a change's groups are as it says. */
export function groupsHold({ groups = [] }: StoreChange, base: Base): boolean {
  return groups.every(({ before, after }) => base.groups.get(after.id)?.version === before?.version);
}

/** The groups that a change is about. */
export function groupsOf({ groups = [], counts = [] }: StoreChange): readonly string[] {
  return [...groups.map(({ after }) => after.id), ...counts.map(({ group }) => group)];
}

function neededBy(changes: readonly StoreChange[]): Needed {
  return {
    groups: new Set(changes.flatMap(groupsOf)),
    queues: new Set(changes.flatMap(({ failures = [] }) => failures.map(({ after }) => after.queue))),
  };
}
