import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { together } from "../together.ts";
import { insertItem } from "./claim-statements.ts";
import { type Item, MOST_STATEMENTS, runStatements, type StatementAnswer } from "./statements.ts";

/**
 * Makes a function that puts an item unless there is one under its key, and says which of the two: an effect that is an item, once. Those that are put in the
 * same turn of the event loop share a request, 25 at most, at no wait for others, so that the effects of a batch cost one. The function needs
 * `dynamodb:PartiQLInsert` of the table. It throws what DynamoDB says of this item; the item may be there all the same.
 */
export function putOnce(client: DynamoDBClient, table: string): (item: Item) => Promise<"put" | "there"> {
  const ask = together(MOST_STATEMENTS, (items: readonly Item[]) => insertAll(client, table, items));
  return async (item) => {
    const answer = await ask(item);
    if (answer.kind === "failed") throw answer.error;
    return answer.kind === "done" ? "put" : "there";
  };
}

/** Never throws. */
async function insertAll(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
): Promise<readonly StatementAnswer[]> {
  const insert = (some: readonly Item[]): Promise<readonly StatementAnswer[]> =>
    runStatements(
      client,
      some.map((item) => insertItem(table, item)),
    );
  const answers = await insert(items);
  if (items.length === 1 || !answers.every(isRefusedRequest)) return answers;
  // Two items of one key, or one that is wrong as such, must not be the others' failure.
  return (await Promise.all(items.map((item) => insert([item])))).flat();
}

/** The request was refused as a whole, for what one of its statements is. */
function isRefusedRequest(answer: StatementAnswer): boolean {
  return answer.kind === "failed" && (answer.error as Error | undefined)?.name === "ValidationException";
}
