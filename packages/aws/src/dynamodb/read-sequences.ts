import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { readItems } from "./read-items.ts";
import type { Item } from "./statements.ts";

/** The primary key of a message group's last sequence. */
export function sequenceKey(group: string): Item {
  return { pk: { S: `group#${group}` }, sk: { S: "group" } };
}

/**
 * Reads message groups' last sequence numbers of messages that were not sent again, consistently.
 * @throws ReliqError `journal-throttled` where some stay unread.
 */
export async function readSequences(
  client: DynamoDBClient,
  table: string,
  groups: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const items = await readItems(client, table, [...new Set(groups)].map(sequenceKey));
  const sequenceOf = new Map(items.map((item) => [item["pk"]?.S, item["lastOriginal"]?.S]));
  return groups.map((group) => sequenceOf.get(sequenceKey(group)["pk"]?.S));
}
