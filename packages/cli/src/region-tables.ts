import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { clientSettings } from "./client-settings.ts";

/** The tables that the region's functions name in a variable of their environment. */
export async function regionTables(endpoint: string, variable: string): Promise<readonly string[]> {
  const tables = new Set<string>();
  for await (const page of paginateListFunctions({ client: new LambdaClient(clientSettings(endpoint)) }, {})) {
    for (const { Environment } of page.Functions ?? []) {
      const table = Environment?.Variables?.[variable];
      if (table !== undefined) tables.add(table);
    }
  }
  return [...tables];
}
