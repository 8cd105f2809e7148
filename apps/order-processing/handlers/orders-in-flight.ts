import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { DependencyFailure, type OutgoingMessage } from "@reliq/core";
import type { Incoming } from "../domain/keep-order.ts";
import type { OrderState } from "../domain/order-state.ts";
import type { QueueKey } from "../domain/queues.ts";
import type { Reservation } from "../domain/stock.ts";
import { tellAgain } from "../domain/tell-again.ts";

/** How many orders are looked at in one go; one request reads as many. */
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
  const { orders, reservations } = await readAll(client, tables, taken);
  const next = LastEvaluatedKey?.["orderId"]?.S;
  return {
    looked: taken.length,
    messages: taken.flatMap(({ orderId, route, message }): InFlight["messages"] => {
      const order = orders.get(orderId);
      return order ? tellAgain(order, reservations.get(orderId)) : [{ to: route, message }];
    }),
    ...(next !== undefined && { cursor: next }),
  };
}

async function readAll(
  client: DynamoDBClient,
  { orders, reservations }: Tables,
  taken: readonly Incoming[],
): Promise<{
  readonly orders: ReadonlyMap<string, OrderState>;
  readonly reservations: ReadonlyMap<string, Reservation>;
}> {
  if (taken.length === 0) return { orders: new Map(), reservations: new Map() };
  const Keys: Record<string, AttributeValue>[] = taken.map(({ orderId }) => ({ orderId: { S: orderId } }));
  const asked = { Keys, ConsistentRead: true };
  const { Responses = {}, UnprocessedKeys = {} } = await client.send(
    new BatchGetItemCommand({ RequestItems: { [orders]: asked, [reservations]: asked } }),
  );
  if (Object.keys(UnprocessedKeys).length > 0) throw new DependencyFailure("DynamoDB gave a part of the orders only.");
  const read = <T extends { readonly orderId: string }>(table: string): ReadonlyMap<string, T> =>
    new Map((Responses[table] ?? []).map((item) => unmarshall(item) as T).map((each) => [each.orderId, each]));
  return { orders: read(orders), reservations: read(reservations) };
}
