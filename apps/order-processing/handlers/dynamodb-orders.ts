import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { getTogether } from "@reliq/aws";
import type { OrderState } from "../domain/order-state.ts";
import type { OrderStore, Telling } from "../domain/services.ts";

/** The orders in their table, read consistently, those of a batch in one request; a write is refused where the order has changed since it was read. */
export function dynamodbOrders(client: DynamoDBClient, table: string, telling: Telling): OrderStore {
  const get = getTogether(client);
  return {
    ...telling,
    get: async (orderId) => {
      const item = await get(table, { orderId: { S: orderId } });
      return item && (unmarshall(item) as OrderState);
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
