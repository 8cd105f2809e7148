import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { GroupMark } from "@reliq/core/recovery";
import { readRecord } from "../failure-store/records.ts";
import { queryPages } from "../query-pages.ts";
import { openList } from "./records.ts";

/** The most that are listed: the longest open ones. */
const MOST_LISTED = 10_000;

/** The open marks of a queue, the longest open one first; eventually consistent. */
export async function openMarks(client: DynamoDBClient, table: string, queue: string): Promise<readonly GroupMark[]> {
  const query = {
    TableName: table,
    IndexName: "by-queue",
    KeyConditionExpression: "byQueue = :list",
    ExpressionAttributeValues: { ":list": { S: openList(queue) } },
  };
  const marks: GroupMark[] = [];
  for await (const items of queryPages(client, query)) {
    marks.push(...items.map((item) => readRecord<GroupMark>(item)));
    if (marks.length >= MOST_LISTED) break;
  }
  return marks;
}
