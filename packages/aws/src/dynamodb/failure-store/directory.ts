import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { QueueTotals } from "@reliq/core/recovery";
import { quarantineTotals } from "../quarantine/totals.ts";
import { readItems } from "../read-items.ts";
import { DIRECTORY, totalsKey } from "./keys.ts";
import { readRange } from "./query.ts";
import { readTotals } from "./records.ts";

/** The queues that have failed messages, by name. */
export function queueNames(client: DynamoDBClient, table: string): Promise<readonly string[]> {
  return names(client, table, "queue");
}

/** The chains of the audit, by name. */
export function chainNames(client: DynamoDBClient, table: string): Promise<readonly string[]> {
  return names(client, table, "chain");
}

/** The totals of each queue. */
export async function allTotals(client: DynamoDBClient, table: string): Promise<readonly QueueTotals[]> {
  const keys = (await queueNames(client, table)).map(totalsKey);
  const totals = (await readItems(client, table, keys)).map(readTotals);
  return Promise.all(
    totals.map(async (each) => {
      const quarantine = each.queue.endsWith(".fifo") ? await quarantineTotals(client, table, each.queue) : undefined;
      return { ...each, ...(quarantine && { quarantine }) };
    }),
  );
}

async function names(client: DynamoDBClient, table: string, kind: "chain" | "queue"): Promise<readonly string[]> {
  // A dollar sign follows the number sign: what begins with `chain#` is before `chain$`.
  const range = { partition: DIRECTORY, from: `${kind}#`, to: `${kind}$` };
  return (await readRange(client, table, range)).map((item) => item["name"]?.S ?? "");
}
