import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { OrderState } from "../domain/order-state.ts";
import type { OrderStore, Telling } from "../domain/services.ts";

/** The orders in their table, read consistently; a write is refused where the order has changed since it was read. */
export function dynamodbOrders(client: DynamoDBClient, table: string, telling: Telling): OrderStore {
  return {
    ...telling,
    get: async (orderId) => {
      const get = new GetItemCommand({ TableName: table, Key: { orderId: { S: orderId } }, ConsistentRead: true });
      const { Item } = await client.send(get);
      return Item && (unmarshall(Item) as OrderState);
    },
    write: (after, before): TransactWriteItem => ({
      Put: {
        TableName: table,
        Item: marshall(after, { removeUndefinedValues: true }),
        ...(before
          ? {
              ConditionExpression: "version = :version",
              ExpressionAttributeValues: { ":version": { N: String(before.version) } },
            }
          : { ConditionExpression: "attribute_not_exists(orderId)" }),
      },
    }),
  };
}
