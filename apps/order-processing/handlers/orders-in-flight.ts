import { type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { getTogether } from "@reliq/aws";
import type { OutgoingMessage } from "@reliq/core";
import type { Incoming } from "../domain/keep-order.ts";
import type { OrderState } from "../domain/order-state.ts";
import type { QueueKey } from "../domain/queues.ts";
import type { Reservation } from "../domain/stock.ts";
import { tellAgain } from "../domain/tell-again.ts";

/** How many orders are looked at in one go; one request reads as many of both tables. */
const AT_ONCE = 50;

interface Tables {
  readonly intake: string;
  readonly orders: string;
  readonly reservations: string;
}

/** Some orders of the intake, and what is to be sent for those that have not ended. */
export interface InFlight {
  readonly looked: number;
  readonly messages: readonly { readonly to: QueueKey; readonly message: OutgoingMessage }[];
  /** Where to go on; undefined at the end. */
  readonly cursor?: string;
}

/** Reads the next orders of the intake, and where each stands, consistently. */
export async function ordersInFlight(client: DynamoDBClient, tables: Tables, cursor?: string): Promise<InFlight> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new ScanCommand({
      TableName: tables.intake,
      ConsistentRead: true,
      Limit: AT_ONCE,
      ...(cursor !== undefined && { ExclusiveStartKey: { orderId: { S: cursor } } }),
    }),
  );
  const taken = Items.map((item) => unmarshall(item) as Incoming);
  const get = getTogether(client);
  const read = async (table: string, orderId: string) => {
    const item = await get(table, { orderId: { S: orderId } });
    return item && unmarshall(item);
  };
  const standing = taken.map(async ({ orderId, route, message }): Promise<InFlight["messages"]> => {
    const [order, reservation] = await Promise.all([read(tables.orders, orderId), read(tables.reservations, orderId)]);
    return order ? tellAgain(order as OrderState, reservation as Reservation | undefined) : [{ to: route, message }];
  });
  const next = LastEvaluatedKey?.["orderId"]?.S;
  return {
    looked: taken.length,
    messages: (await Promise.all(standing)).flat(),
    ...(next !== undefined && { cursor: next }),
  };
}
