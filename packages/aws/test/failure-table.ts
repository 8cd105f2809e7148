import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { failureTable } from "@reliq/core/testing";
import { localRegion } from "./region.ts";

/** A client of a local region that has the table `failures`. */
export async function failureTableClient(): Promise<{ readonly client: DynamoDBClient }> {
  const client = new DynamoDBClient(await localRegion());
  await client.send(new CreateTableCommand(failureTable("failures")));
  return { client };
}
