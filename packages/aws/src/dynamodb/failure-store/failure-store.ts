import { createHash } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AlertState, Approval, FailureStore, QueueRun, RedriveRun, RunEntry, Sha256 } from "@reliq/core/recovery";
import { KEPT_MS } from "@reliq/core/recovery";
import { readItems } from "../read-items.ts";
import type { Item } from "../statements.ts";
import { commitQueue } from "./commit-queue.ts";
import { allTotals, chainNames } from "./directory.ts";
import {
  alertKey,
  approvalKey,
  chainPartition,
  failureKey,
  groupKey,
  groupPartition,
  headKey,
  hourSort,
  keyText,
  numbered,
  queueRunKey,
  runKey,
  runPartition,
} from "./keys.ts";
import { listFailures } from "./list-failures.ts";
import { listGroups } from "./list-groups.ts";
import { listNewest } from "./list-newest.ts";
import { overdue } from "./overdue.ts";
import { readRange } from "./query.ts";
import { readAuditItem, readFailure, readHead, readRecord } from "./records.ts";

/** What a failure store goes by. */
export interface FailureStoreOptions {
  /** Milliseconds since the Unix epoch. @default Date.now */
  readonly now?: () => number;
  /** @default Node's */
  readonly sha256?: Sha256;
}

/** The most entries of one answer. */
const MOST_ENTRIES = 100;

/** The failure store in a DynamoDB table of the shape `FAILURE_TABLE` (docs/decisions/010-failure-store.md). */
export function dynamodbFailureStore(
  client: DynamoDBClient,
  tableName: string,
  { now = Date.now, sha256 = nodeSha256 }: FailureStoreOptions = {},
): FailureStore {
  const commit = commitQueue(client, tableName, { now, sha256 });
  const record = async <Kept>(key: Item): Promise<Kept | undefined> => (await records<Kept>([key]))[0];
  const records = async <Kept>(keys: readonly Item[]): Promise<readonly (Kept | undefined)[]> =>
    (await readInOrder(client, tableName, keys)).map((item) => item && readRecord<Kept>(item));
  const entries = (partition: string, from: number): Promise<readonly Item[]> =>
    readRange(client, tableName, { partition, from: numbered(from), to: "entry$", limit: MOST_ENTRIES });
  return {
    failures: async (ids) =>
      (await readInOrder(client, tableName, ids.map(failureKey))).map((item) => readFailure(item, now())),
    groups: (ids) => records(ids.map(groupKey)),
    commit,
    listFailures: (options) => listFailures(client, tableName, options, now()),
    listGroups: (options) => listGroups(client, tableName, options),
    hours: async (group, fromMs, toMs) => {
      const from = Math.max(fromMs, now() - KEPT_MS + 1);
      if (from >= toMs) return [];
      const range = { partition: groupPartition(group), from: hourSort(from), to: hourSort(toMs - 1) };
      const items = await readRange(client, tableName, range);
      return items.map(({ atMs, deaths }) => ({ atMs: Number(atMs?.N), deaths: Number(deaths?.N) }));
    },
    overdue: (state, beforeMs) => overdue(client, tableName, state, beforeMs),
    totals: () => allTotals(client, tableName),
    run: (id) => record<RedriveRun>(runKey(id)),
    listRuns: async (options) => {
      const list = { index: "by-queue", partitionKey: "byQueue", partitions: ["run"] };
      const { items, next } = await listNewest(client, tableName, list, options);
      return { runs: items.map((item) => readRecord<RedriveRun>(item)), ...(next !== undefined && { next }) };
    },
    entries: async (run, from) => (await entries(runPartition(run), from)).map((item) => readRecord<RunEntry>(item)),
    queueRun: (queue) => record<QueueRun>(queueRunKey(queue)),
    approval: (id) => record<Approval>(approvalKey(id)),
    listApprovals: async ({ state, ...options }) => {
      const list =
        state === undefined
          ? { index: "by-queue", partitionKey: "byQueue", partitions: ["approval"] }
          : { index: "by-state", partitionKey: "byState", partitions: [`approval#${state}`] };
      const { items, next } = await listNewest(client, tableName, list, options);
      return { approvals: items.map((item) => readRecord<Approval>(item)), ...(next !== undefined && { next }) };
    },
    alert: (group) => record<AlertState>(alertKey(group)),
    audit: async (chain, from) => (await entries(chainPartition(chain), from)).map(readAuditItem),
    auditHead: async (chain) => readHead((await readInOrder(client, tableName, [headKey(chain)]))[0]),
    chains: () => chainNames(client, tableName),
  };
}

async function readInOrder(
  client: DynamoDBClient,
  table: string,
  keys: readonly Item[],
): Promise<readonly (Item | undefined)[]> {
  const distinct = new Map(keys.map((key) => [keyText(key), key]));
  const items = await readItems(client, table, [...distinct.values()]);
  const itemOf = new Map(items.map((item) => [keyText(item), item]));
  return keys.map((key) => itemOf.get(keyText(key)));
}

function nodeSha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
