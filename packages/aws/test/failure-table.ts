import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { FAILURE_TABLE } from "@reliq/core/recovery";
import { localRegion } from "./region.ts";

/** A client of a local region that has the table `failures`. */
export async function failureTableClient(): Promise<{ readonly client: DynamoDBClient }> {
  const client = new DynamoDBClient(await localRegion());
  await client.send(new CreateTableCommand(failureTable("failures")));
  return { client };
}

/** The failure store's table, of the shape that the construct gives it. */
function failureTable(TableName: string): CreateTableCommandInput {
  const { partitionKey, sortKey, indexes } = FAILURE_TABLE;
  const keys = [partitionKey, sortKey, ...indexes.flatMap((each) => [each.partitionKey, each.sortKey])];
  return {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [...new Set(keys)].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection:
        index.projected.length > 0
          ? { ProjectionType: "INCLUDE", NonKeyAttributes: [...index.projected] }
          : { ProjectionType: "KEYS_ONLY" },
    })),
  };
}

function keySchema(hash: string, range: string): CreateTableCommandInput["KeySchema"] {
  return [
    { AttributeName: hash, KeyType: "HASH" },
    { AttributeName: range, KeyType: "RANGE" },
  ];
}
