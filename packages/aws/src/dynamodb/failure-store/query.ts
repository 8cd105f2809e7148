import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { queryAll } from "../query-pages.ts";
import type { Item } from "../statements.ts";

/** Reads the items of one partition whose sort keys are from one text to another, both included, in order, consistently; at most `limit`. */
export async function readRange(
  client: DynamoDBClient,
  table: string,
  range: { readonly partition: string; readonly from: string; readonly to: string; readonly limit?: number },
): Promise<readonly Item[]> {
  const { partition, from, to, limit } = range;
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":pk": { S: partition }, ":from": { S: from }, ":to": { S: to } },
  };
  return queryAll(client, query, limit);
}
