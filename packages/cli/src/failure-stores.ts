import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore, dynamodbQuarantine } from "@reliq/aws";
import type { FailureStore, QueueTotals, WaitingGroups } from "@reliq/core/recovery";
import { clientSettings } from "./client-settings.ts";
import type { DeathCount } from "./death-groups.ts";
import { regionVariables } from "./region-variables.ts";

/** The most failed messages of one store whose reasons are counted. */
const MOST_FAILURES = 1_000;

/** One of the region's failure stores, with the groups that are held in its table. */
export interface StoreOfRegion extends FailureStore {
  readonly quarantine: WaitingGroups;
}

/** The region's failure stores: its functions name the tables in their environment. */
export async function failureStores(endpoint: string): Promise<readonly StoreOfRegion[]> {
  const client = new DynamoDBClient(clientSettings(endpoint));
  const tables = await regionVariables(endpoint, "FAILED_TABLE");
  return tables.map((table) => ({
    ...dynamodbFailureStore(client, table),
    quarantine: dynamodbQuarantine(client, table),
  }));
}

/** What failure stores have of each queue. */
export async function readTotals(stores: readonly FailureStore[]): Promise<readonly QueueTotals[]> {
  return (await Promise.all(stores.map((store) => store.totals()))).flat();
}

/** Why the messages died that failure stores have, of each store's newest 1,000. */
export async function recoveredDeaths(stores: readonly FailureStore[]): Promise<readonly DeathCount[]> {
  const pages = await Promise.all(stores.map((store) => store.listFailures({ limit: MOST_FAILURES })));
  const failures = pages.flatMap((page) => page.failures);
  const groups = Map.groupBy(failures, ({ queue, cause, reason }) =>
    JSON.stringify([queue, cause, reason.fingerprint]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { category, errorName, message } = first.reason;
    return [{ count: group.length, cause: first.cause, reason: `${category} · ${errorName}: ${message}` }];
  });
}
