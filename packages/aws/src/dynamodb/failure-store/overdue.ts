import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Item } from "../statements.ts";
import { queueNames } from "./directory.ts";
import { time } from "./keys.ts";

/** The most ids of one answer. */
const MOST = 100;

/** Ids of failed messages that have waited in a state since before a time, the longest waiting first, of all queues. */
export async function overdue(
  client: DynamoDBClient,
  table: string,
  state: "healing" | "requeued",
  beforeMs: number,
): Promise<readonly string[]> {
  const queues = await queueNames(client, table);
  const items = (
    await Promise.all(queues.map((queue) => ofQueue(client, table, `${queue}#${state}`, beforeMs)))
  ).flat();
  const due = (item: Item): string => item["dueAt"]?.S ?? "";
  return items
    .sort((a, b) => (due(a) < due(b) ? -1 : 1))
    .slice(0, MOST)
    .map((item) => (item["pk"]?.S ?? "").slice("failure#".length));
}

async function ofQueue(
  client: DynamoDBClient,
  table: string,
  partition: string,
  beforeMs: number,
): Promise<readonly Item[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: "by-due",
      KeyConditionExpression: "byDue = :partition AND dueAt < :end",
      ExpressionAttributeValues: { ":partition": { S: partition }, ":end": { S: time(beforeMs + 1) } },
      Limit: MOST,
    }),
  );
  return Items;
}
