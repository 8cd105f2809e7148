import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ConsumerJournal } from "@reliq/core";
import { claimAll } from "./claim-all.ts";
import { settleAll } from "./settle-all.ts";

/** The part of `dynamodbJournal` that every consumer needs: a function's bundle leaves out the rest. */
export function consumerJournal(client: DynamoDBClient, tableName: string): ConsumerJournal {
  return {
    claim: (claims) => claimAll(client, tableName, claims),
    settle: (settlements) => settleAll(client, tableName, settlements),
  };
}
