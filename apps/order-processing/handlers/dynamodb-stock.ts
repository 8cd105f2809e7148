import { BatchGetItemCommand, type DynamoDBClient, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { DependencyFailure } from "@reliq/core";
import type { StockStore, Telling } from "../domain/services.ts";
import type { Inventory, Reservation, Stock, StockChange } from "../domain/stock.ts";

interface Tables {
  readonly stock: string;
  readonly reservations: string;
  /** How long a reservation waits for its payment. */
  readonly reservedSeconds: number;
}

/** Stock and reservations in their tables, read together and consistently; a write is refused where either has changed since. */
export function dynamodbStock(client: DynamoDBClient, tables: Tables, telling: Telling): StockStore {
  return {
    ...telling,
    get: async ({ orderId, items }) => {
      const ids = [...new Set(items.map(({ productId }) => productId))];
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({
          RequestItems: {
            [tables.stock]: { Keys: ids.map((id) => ({ productId: { S: id } })), ConsistentRead: true },
            [tables.reservations]: { Keys: [{ orderId: { S: orderId } }], ConsistentRead: true },
          },
        }),
      );
      if (Object.keys(UnprocessedKeys).length > 0)
        throw new DependencyFailure("DynamoDB gave a part of the stock only.");
      const stock = (Responses[tables.stock] ?? []).map((item) => unmarshall(item) as Stock);
      const [reservation] = (Responses[tables.reservations] ?? []).map((item) => unmarshall(item) as Reservation);
      return { stock: new Map(stock.map((each) => [each.productId, each])), reservation };
    },
    write: (change, before) => writes(tables, change, before),
  };
}

function writes(
  { stock, reservations, reservedSeconds }: Tables,
  change: StockChange,
  before: Inventory,
): TransactWriteItem[] {
  const moved = change.stock.map(
    ({ before: { version }, after }): TransactWriteItem => ({
      Put: {
        TableName: stock,
        Item: marshall(after),
        ConditionExpression: "version = :version",
        ExpressionAttributeValues: { ":version": { N: String(version) } },
      },
    }),
  );
  const { reservation } = change;
  if (!reservation) return moved;
  const expiresAt = Math.floor(Date.now() / 1_000) + reservedSeconds;
  const item = { ...reservation, ...(reservation.state === "reserved" && { expiresAt }) };
  return [...moved, { Put: { TableName: reservations, Item: marshall(item), ...isStill(before.reservation) } }];
}

function isStill(before: Reservation | undefined): object {
  if (!before) return { ConditionExpression: "attribute_not_exists(orderId)" };
  return {
    ConditionExpression: "#state = :state",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":state": { S: before.state } },
  };
}
