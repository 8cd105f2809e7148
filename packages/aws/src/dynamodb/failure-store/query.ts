import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { Item } from "../statements.ts";

/** Reads the items of one partition whose sort keys are from one text to another, both included, in order, consistently; at most `limit`. */
export async function readRange(
  client: DynamoDBClient,
  table: string,
  range: { readonly partition: string; readonly from: string; readonly to: string; readonly limit?: number },
): Promise<readonly Item[]> {
  const { partition, from, to, limit = Number.POSITIVE_INFINITY } = range;
  const items: Item[] = [];
  let next: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
        ExpressionAttributeValues: { ":pk": { S: partition }, ":from": { S: from }, ":to": { S: to } },
        ...(Number.isFinite(limit) && { Limit: limit - items.length }),
        ExclusiveStartKey: next,
      }),
    );
    items.push(...(page.Items ?? []));
    next = page.LastEvaluatedKey;
  } while (next && items.length < limit);
  return items;
}
