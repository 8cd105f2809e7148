import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { AppliedRemedy } from "@reliq/core/remediation";

/** What remedies have done, as it is kept between runs. */
export interface RemedyTable {
  read(name: string): Promise<AppliedRemedy | undefined>;
  /** Holds only where nothing but `before` is there. @throws ConditionalCheckFailedException where another run was first */
  write(name: string, applied: AppliedRemedy | undefined, before: AppliedRemedy | undefined): Promise<void>;
}

/** Keeps remedies in a table, whose key is their name; every change is made of what was read. */
export function remedyTable(client: DynamoDBClient, TableName: string): RemedyTable {
  const keyOf = (name: string) => ({ remedy: { S: name } });
  return {
    read: async (name) => {
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: keyOf(name), ConsistentRead: true }));
      return Item && (JSON.parse(String(unmarshall(Item)["applied"])) as AppliedRemedy);
    },
    write: async (name, applied, before) => {
      const condition = before
        ? {
            ConditionExpression: "applied = :before",
            ExpressionAttributeValues: marshall({ ":before": JSON.stringify(before) }),
          }
        : { ConditionExpression: "attribute_not_exists(remedy)" };
      if (applied) {
        const Item = marshall({ remedy: name, applied: JSON.stringify(applied) });
        await client.send(new PutItemCommand({ TableName, Item, ...condition }));
      } else if (before) {
        await client.send(new DeleteItemCommand({ TableName, Key: keyOf(name), ...condition }));
      }
    },
  };
}
