import { LambdaClient, paginateListFunctions } from "@aws-sdk/client-lambda";
import { clientSettings } from "./client-settings.ts";

/** What the region's functions have in a variable of their environment, such as the name of a table; each value once. */
export async function regionVariables(endpoint: string, variable: string): Promise<readonly string[]> {
  const values = new Set<string>();
  for await (const page of paginateListFunctions({ client: new LambdaClient(clientSettings(endpoint)) }, {})) {
    for (const { Environment } of page.Functions ?? []) {
      const value = Environment?.Variables?.[variable];
      if (value !== undefined) values.add(value);
    }
  }
  return [...values];
}
