import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ClaimItem } from "@reliq/core";
import { claimKey, readClaimItem } from "./claim-statements.ts";
import { readItems } from "./read-items.ts";

/**
 * Reads the items behind keys, consistently.
 * @throws ReliqError `journal-throttled` where some stay unread.
 */
export async function readClaims(
  client: DynamoDBClient,
  table: string,
  keys: readonly string[],
): Promise<readonly (ClaimItem | undefined)[]> {
  const items = await readItems(client, table, [...new Set(keys)].map(claimKey));
  const itemOf = new Map(items.map((item) => [item["pk"]?.S, readClaimItem(item)]));
  return keys.map((key) => itemOf.get(claimKey(key).pk.S));
}
