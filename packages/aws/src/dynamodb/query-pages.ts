import { type DynamoDBClient, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import type { Item } from "./statements.ts";

/** Reads the items of a query, page by page, until there are no more, at most so many have come, or its reader stops. */
export async function* queryPages(
  client: DynamoDBClient,
  query: Omit<QueryCommandInput, "ExclusiveStartKey" | "Limit">,
  most: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Item[]> {
  let next: Item | undefined;
  let left = most;
  do {
    const page = await client.send(
      new QueryCommand({ ...query, ...(Number.isFinite(left) && { Limit: left }), ExclusiveStartKey: next }),
    );
    yield page.Items ?? [];
    left -= page.Items?.length ?? 0;
    next = page.LastEvaluatedKey;
  } while (next && left > 0);
}

/** The same, all of them. */
export async function queryAll(...query: Parameters<typeof queryPages>): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of queryPages(...query)) items.push(...page);
  return items;
}
