import type { BatchStatementRequest, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SharedBreakers } from "../downstream/shared-breaker.ts";
import { insertItem } from "./claim-statements.ts";
import { readItems } from "./read-items.ts";
import { runStatements } from "./statements.ts";

/**
 * Open breakers as items of the journal's table, so that what one instance has learned all of them know; what a consumer may do there
 * already is enough. One read an instance and `askSeconds`, and one to three writes when a breaker opens.
 */
export function dynamodbBreakers(client: DynamoDBClient, tableName: string): SharedBreakers {
  return {
    openUntilMs: async (downstream) => {
      const [item] = await readItems(client, tableName, [keyOf(downstream)]);
      return Number(item?.["openUntilMs"]?.N ?? 0);
    },
    opened: async (downstream, untilMs) => {
      const later = prolong(tableName, downstream, untilMs);
      const first = insertItem(tableName, itemOf(downstream, untilMs));
      // Refused, there is no item yet, or a later end; an insert that is refused met another instance's, which may end sooner.
      for (const statement of [later, first, later]) {
        const [answer] = await runStatements(client, [statement]);
        if (answer?.kind === "done") return;
        if (answer?.kind === "failed") throw answer.error;
      }
    },
  };
}

function keyOf(downstream: string): { readonly pk: { readonly S: string }; readonly sk: { readonly S: string } } {
  return { pk: { S: `breaker#${downstream}` }, sk: { S: "breaker" } };
}

function itemOf(downstream: string, untilMs: number): Parameters<typeof insertItem>[1] {
  return { ...keyOf(downstream), openUntilMs: { N: String(untilMs) }, expiresAt: { N: expiresAt(untilMs) } };
}

function prolong(table: string, downstream: string, untilMs: number): BatchStatementRequest {
  const { pk, sk } = keyOf(downstream);
  const until = { N: String(untilMs) };
  return {
    Statement: `UPDATE "${table}" SET "openUntilMs" = ?, "expiresAt" = ? WHERE "pk" = ? AND "sk" = ? AND "openUntilMs" < ?`,
    Parameters: [until, { N: expiresAt(untilMs) }, pk, sk, until],
  };
}

/** An hour after it has closed, in DynamoDB's seconds: what is over is of no use to anybody. */
function expiresAt(untilMs: number): string {
  return String(Math.ceil(untilMs / 1_000) + 3_600);
}
