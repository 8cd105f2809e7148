import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { PageOptions } from "@reliq/core";
import type { GroupFilter, GroupPage } from "@reliq/core/recovery";
import { queueNames } from "./directory.ts";
import { listNewest } from "./list-newest.ts";
import { readRecord } from "./records.ts";

/** One page of the groups of a queue or of all, in one state or in any, the one that was seen last first. */
export async function listGroups(
  client: DynamoDBClient,
  table: string,
  { filter: { queue, state } = {}, ...page }: PageOptions & { readonly filter?: GroupFilter },
): Promise<GroupPage> {
  const queues = queue === undefined ? await queueNames(client, table) : [queue];
  const index =
    state === undefined
      ? { index: "by-queue", partitionKey: "byQueue", partitions: queues.map((each) => `group#${each}`) }
      : { index: "by-state", partitionKey: "byState", partitions: queues.map((each) => `group#${each}#${state}`) };
  const { items, next } = await listNewest(client, table, index, page);
  return { groups: items.map((item) => readRecord(item)), ...(next !== undefined && { next }) };
}
