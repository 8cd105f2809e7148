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
  /** The stack whose functions name its table. */
  readonly system: string;
  readonly quarantine: WaitingGroups;
}

/** The region's failure stores: its functions name the tables in their environment. */
export async function failureStores(endpoint: string): Promise<readonly StoreOfRegion[]> {
  const client = new DynamoDBClient(clientSettings(endpoint));
  const tables = await regionVariables(endpoint, "FAILED_TABLE");
  return tables.map(({ system, value: table }) => ({
    ...dynamodbFailureStore(client, table),
    system,
    quarantine: dynamodbQuarantine(client, table),
  }));
}

/** What a system's failure store has of a queue. */
interface SystemTotals extends QueueTotals {
  readonly system: string;
}

/** What failure stores have of each queue: they have the totals ready. */
export async function readTotals(stores: readonly StoreOfRegion[]): Promise<readonly SystemTotals[]> {
  const read = stores.map(async ({ system, totals }) => (await totals()).map((each) => ({ ...each, system })));
  return (await Promise.all(read)).flat();
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
