import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { GroupMark } from "@reliq/core/recovery";
import { readRecord } from "../failure-store/records.ts";
import type { Item } from "../statements.ts";
import { openList } from "./records.ts";

/** The most that are listed: the longest open ones. */
const MOST_LISTED = 10_000;

/** The open marks of a queue, the longest open one first; eventually consistent. */
export async function openMarks(client: DynamoDBClient, table: string, queue: string): Promise<readonly GroupMark[]> {
  const marks: GroupMark[] = [];
  let next: Item | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: "by-queue",
        KeyConditionExpression: "byQueue = :list",
        ExpressionAttributeValues: { ":list": { S: openList(queue) } },
        ExclusiveStartKey: next,
      }),
    );
    marks.push(...(page.Items ?? []).map((item) => readRecord<GroupMark>(item)));
    next = page.LastEvaluatedKey;
  } while (next && marks.length < MOST_LISTED);
  return marks;
}
