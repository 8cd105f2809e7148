import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import type { LiveFacts } from "@reliq/console";
import { clientSettings } from "../client-settings.ts";
import { deployedResources } from "../region-client.ts";

/** A failure table, and the stack whose functions name it. */
interface FailureTable {
  readonly system: string;
  readonly table: string;
}

/** The failure tables of the region: functions of recovery name theirs in `FAILED_TABLE`. */
export async function failureTables(endpoint: string): Promise<readonly FailureTable[]> {
  const functions = await deployedResources(endpoint, ["AWS::Lambda::Function"]);
  const tables = functions.flatMap(({ stack, properties }) => {
    const { Variables } = (properties["Environment"] ?? {}) as { readonly Variables?: Record<string, string> };
    const table = Variables?.["FAILED_TABLE"];
    return table === undefined ? [] : [{ system: stack, table }];
  });
  return [...new Map(tables.map((each) => [each.table, each])).values()];
}

/** What each system's failure store counts, by queue: the table has the totals ready. */
export async function readTotals(endpoint: string, tables: readonly FailureTable[]): Promise<LiveFacts["totals"]> {
  const client = new DynamoDBClient(clientSettings(endpoint));
  const found = await Promise.all(
    tables.map(async ({ system, table }) =>
      (await dynamodbFailureStore(client, table).totals()).map((totals) => ({ ...totals, system })),
    ),
  );
  return found.flat();
}
