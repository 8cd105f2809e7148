import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AuditHead, FailureGroup, StoreChange } from "@reliq/core/recovery";
import { readItems } from "../read-items.ts";
import { groupKey, headKey, keyText, totalsKey } from "./keys.ts";
import { readHead, readRecord } from "./records.ts";

/** What a commit builds upon. */
export interface Base {
  readonly head: AuditHead | undefined;
  readonly groups: ReadonlyMap<string, FailureGroup>;
  /** The queues that have totals already. */
  readonly queues: ReadonlySet<string>;
}

/** Reads what a change is built upon, consistently, in one request. */
export async function readBase(client: DynamoDBClient, table: string, change: StoreChange): Promise<Base> {
  const { failures = [], groups = [], counts = [], audit } = change;
  const groupIds = new Set([...groups.map(({ after }) => after.id), ...counts.map(({ group }) => group)]);
  const queues = new Set(failures.map(({ after }) => after.queue));
  const head = headKey(audit.chain);
  const keys = [head, ...[...groupIds].map(groupKey), ...[...queues].map(totalsKey)];
  const items = new Map((await readItems(client, table, keys)).map((item) => [keyText(item), item]));
  const found = new Map<string, FailureGroup>();
  for (const id of groupIds) {
    const item = items.get(keyText(groupKey(id)));
    if (item) found.set(id, readRecord(item));
  }
  return {
    head: readHead(items.get(keyText(head))),
    groups: found,
    queues: new Set([...queues].filter((queue) => items.has(keyText(totalsKey(queue))))),
  };
}
