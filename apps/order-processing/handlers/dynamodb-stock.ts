import type { DynamoDBClient, TransactWriteItem } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { getTogether } from "@reliq/aws";
import type { ActiveRegion } from "../domain/active-region.ts";
import type { StockStore, Telling } from "../domain/services.ts";
import type { Inventory, Reservation, Stock, StockChange } from "../domain/stock.ts";
import { ACTIVE_KEY } from "./active-region.ts";

interface Tables {
  readonly stock: string;
  readonly reservations: string;
  /** How long a reservation waits for its payment. */
  readonly reservedSeconds: number;
  /** Where there are two regions: which is active, and the name of this one. */
  readonly regions?: { readonly table: string; readonly here: string };
}

/**
 * Stock and reservations in their tables, read consistently, those of a batch in one request; a write is refused where either has changed since. Where there are two regions, a
 * reservation says which has written it.
 */
export function dynamodbStock(client: DynamoDBClient, tables: Tables, telling: Telling): StockStore {
  const get = getTogether(client);
  return {
    ...telling,
    get: async ({ orderId, items }) => {
      const ids = [...new Set(items.map(({ productId }) => productId))];
      const [reservation, active, ...products] = await Promise.all([
        get(tables.reservations, { orderId: { S: orderId } }),
        tables.regions && get(tables.regions.table, ACTIVE_KEY),
        ...ids.map((id) => get(tables.stock, { productId: { S: id } })),
      ]);
      const stock = products.flatMap((item) => (item ? [unmarshall(item) as Stock] : []));
      return {
        stock: new Map(stock.map((each) => [each.productId, each])),
        reservation: reservation && (unmarshall(reservation) as Reservation),
        ...(active && { epoch: (unmarshall(active) as ActiveRegion).epoch }),
      };
    },
    write: (change, before) => writes(tables, change, before),
  };
}

function writes(
  { stock, reservations, reservedSeconds, regions }: Tables,
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
  const item = {
    ...reservation,
    ...(reservation.state === "reserved" && { expiresAt }),
    ...(regions && { by: regions.here }),
  };
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
