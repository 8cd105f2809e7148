import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type FailureFilter,
  type FailureListOptions,
  type FailurePage,
  type FailureSummary,
  noTotals,
} from "@reliq/core/recovery";
import { queueNames } from "./directory.ts";
import { type Filter, listNewest } from "./list-newest.ts";
import { isForgotten, readRecord } from "./records.ts";

type Filtered = "category" | "cause" | "errorName" | "fingerprint" | "messageGroup" | "state";

interface Way {
  readonly index: string;
  readonly partitionKey: string;
  /** What its partitions have in common. */
  readonly by: readonly Filtered[];
  readonly partitions: (queue: string) => readonly string[];
}

/** Where the value of each filter is in an item. */
const PATHS: Readonly<Record<Filtered, readonly string[]>> = {
  category: ["record", "reason", "category"],
  cause: ["record", "cause"],
  errorName: ["record", "reason", "errorName"],
  fingerprint: ["record", "reason", "fingerprint"],
  messageGroup: ["record", "groupId"],
  state: ["record", "state"],
};

/** One page of the failed messages that a filter lets through, newest first; without a queue, of all queues. */
export async function listFailures(
  client: DynamoDBClient,
  table: string,
  { filter = {}, ...page }: FailureListOptions,
  nowMs: number,
): Promise<FailurePage> {
  const way = chooseWay(filter);
  const queues = filter.queue === undefined ? await queueNames(client, table) : [filter.queue];
  const list = {
    index: way.index,
    partitionKey: way.partitionKey,
    partitions: queues.flatMap(way.partitions),
    fromMs: filter.fromMs,
    toMs: filter.toMs,
    filter: restOf(filter, way.by),
  };
  const { items, next } = await listNewest(client, table, list, page);
  const failures = items.map((item) => readRecord<FailureSummary>(item)).filter((each) => !isForgotten(each, nowMs));
  return { failures, ...(next !== undefined && { next }) };
}

/** The index whose partitions are likely the smallest; what is over is most of a store, so its state is the last that helps. */
function chooseWay({ fingerprint, messageGroup, state, category, cause }: FailureFilter): Way {
  if (fingerprint !== undefined) return byFingerprint(fingerprint, state);
  const isOver = state === "archived" || state === "discarded" || state === "resolved";
  const way = (index: string, by: readonly Filtered[], partitionKey: string, value: string, kind = ""): Way => ({
    index,
    by,
    partitionKey,
    partitions: (queue) => [`${kind}${queue}${value}`],
  });
  if (messageGroup !== undefined)
    return way("by-message-group", ["messageGroup"], "byMessageGroup", `#${messageGroup}`);
  if (state !== undefined && !isOver) return way("by-state", ["state"], "byState", `#${state}`, "failure#");
  if (category !== undefined) return way("by-category", ["category"], "byCategory", `#${category}`);
  if (cause !== undefined) return way("by-cause", ["cause"], "byCause", `#${cause}`);
  if (state !== undefined) return way("by-state", ["state"], "byState", `#${state}`, "failure#");
  return way("by-queue", [], "byQueue", "", "failure#");
}

/** A group has a partition for each state: the few of it that are on their way are found among all that are over. */
function byFingerprint(fingerprint: string, state: FailureFilter["state"]): Way {
  const states = state === undefined ? Object.keys(noTotals("").states) : [state];
  return {
    index: "by-fingerprint",
    by: state === undefined ? ["fingerprint"] : ["fingerprint", "state"],
    partitionKey: "byFingerprint",
    partitions: (queue) => states.map((each) => `${queue}#${fingerprint}#${each}`),
  };
}

/** What no index serves. */
function restOf(filter: FailureFilter, by: readonly Filtered[]): Filter | undefined {
  const rest = (Object.keys(PATHS) as Filtered[]).filter((name) => !by.includes(name) && filter[name] !== undefined);
  if (rest.length === 0) return undefined;
  const names = rest.flatMap((name) => PATHS[name]).map((each) => [`#${each}`, each]);
  return {
    text: rest.map((name) => `${PATHS[name].map((each) => `#${each}`).join(".")} = :${name}`).join(" AND "),
    names: Object.fromEntries(names),
    values: Object.fromEntries(rest.map((name) => [`:${name}`, filter[name]])),
  };
}
