import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { OrderState } from "../domain/order-state.ts";
import type { OrderStore } from "../domain/orders.ts";

type Item = NonNullable<NonNullable<TransactWriteItem["Put"]>["Item"]>;

/** The orders in their table, read consistently; a write is refused where the order has changed since it was read. */
export function dynamodbOrders(client: DynamoDBClient, table: string): OrderStore {
  return {
    get: async (orderId) => {
      const get = new GetItemCommand({ TableName: table, Key: { orderId: { S: orderId } }, ConsistentRead: true });
      const { Item } = await client.send(get);
      return Item && readItem(Item);
    },
    write: (after, before): TransactWriteItem => ({
      Put: {
        TableName: table,
        Item: writeItem(after),
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

const NUMBERS: ReadonlySet<string> = new Set(["amount", "filledAmount", "placedAmount", "version"]);

function writeItem(state: OrderState): Item {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [
      name,
      NUMBERS.has(name) ? { N: String(value) } : { S: String(value) },
    ]),
  );
}

function readItem(item: Item): OrderState {
  const values = Object.entries(item).map(([name, { N, S }]) => [name, NUMBERS.has(name) ? Number(N) : S]);
  return Object.fromEntries(values) as OrderState;
}
