import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type ClientSettings, localRegion } from "./region.ts";

/** The table as the construct `Journal` defines it. */
const TABLE: CreateTableCommandInput = {
  TableName: "journal",
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: ["pk", "sk", "queueDay", "failedAt"].map((AttributeName) => ({
    AttributeName,
    AttributeType: "S",
  })),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-queue",
      Projection: { ProjectionType: "ALL" },
      KeySchema: [
        { AttributeName: "queueDay", KeyType: "HASH" },
        { AttributeName: "failedAt", KeyType: "RANGE" },
      ],
    },
  ],
};

/** A client of a local region that has the table `journal`; `requests` names what it has sent since. */
export async function tableClient(
  settings?: ClientSettings,
): Promise<{ readonly client: DynamoDBClient; readonly requests: string[] }> {
  const client = new DynamoDBClient(settings ?? (await localRegion()));
  await client.send(new CreateTableCommand(TABLE));
  const requests: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      requests.push(context.commandName ?? "");
      return next(args);
    },
    { step: "finalizeRequest" },
  );
  return { client, requests };
}
