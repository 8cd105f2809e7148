import { setTimeout as wait } from "node:timers/promises";
import type { PairedRegion } from "../harness/two-regions.ts";
import type { Random } from "./random.ts";

/** An order that a client sends until it is acknowledged. */
export interface ShopOrder {
  readonly orderId: string;
  readonly productId: string;
  readonly quantity: number;
  readonly priority: "high" | "normal";
}

/** What a client learned of an order. */
export interface Acknowledgement {
  readonly orderId: string;
  /** The name of the region that has taken it. */
  readonly region: string;
  /** When, on the clients' one clock, and how long that request took; milliseconds. */
  readonly atMs: number;
  readonly tookMs: number;
}

/** The products of the shop, and what is in stock of each at first. */
export const PRODUCTS: readonly string[] = Array.from({ length: 20 }, (_, index) => `p-${index}`);
const IN_STOCK = 10_000;
export const STOCK: Readonly<Record<string, number>> = Object.fromEntries(PRODUCTS.map((each) => [each, IN_STOCK]));

/** Orders a second. */
export const ORDERS_PER_SECOND = 4;

const UNIT_PRICE = 2.5;

/** How many clients there are, how long each waits for an answer, and between two tries, milliseconds. */
const CLIENTS = 8;
const LONGEST_ANSWER_MS = 10_000;
const PAUSE_MS = { least: 50, most: 400 };

/** How long a client tries, milliseconds. */
const LONGEST_TRYING_MS = 300_000;

/** So many orders from a seed; a tenth is urgent. */
export function makeShopOrders(count: number, products: readonly string[], random: Random): readonly ShopOrder[] {
  return Array.from({ length: count }, (_, index) => ({
    orderId: `o-${index}`,
    productId: products[random.integer(0, products.length - 1)] ?? "",
    quantity: random.integer(1, 3),
    priority: random.chance(0.1) ? "high" : "normal",
  }));
}

/** Sends orders, so many a second, each to one region and then to the other until one has acknowledged it; tells of each. */
export async function sendOrders(
  regions: readonly [PairedRegion, PairedRegion],
  orders: readonly ShopOrder[],
  perSecond: number,
  random: Random,
  tell: (acknowledged: Acknowledgement) => void,
): Promise<void> {
  const startedMs = performance.now();
  let next = 0;
  const client = async (): Promise<void> => {
    for (let index = next++; index < orders.length; index = next++) {
      await wait(Math.max(0, startedMs + (index * 1_000) / perSecond - performance.now()));
      const order = orders[index];
      if (order) tell(await sendUntilAcknowledged(regions, order, random));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function sendUntilAcknowledged(
  regions: readonly [PairedRegion, PairedRegion],
  order: ShopOrder,
  random: Random,
): Promise<Acknowledgement> {
  const endsMs = performance.now() + LONGEST_TRYING_MS;
  for (let tries = 0; ; tries++) {
    const region = tries % 2 === 0 ? regions[0] : regions[1];
    const beganMs = performance.now();
    const status = await send(region, order).catch((error: unknown) => String(error));
    const atMs = performance.now();
    if (status === 202) return { orderId: order.orderId, region: region.name, atMs, tookMs: atMs - beganMs };
    if (atMs > endsMs) throw new Error(`${order.orderId} was not acknowledged: ${region.name} answers ${status}.`);
    await wait(random.integer(PAUSE_MS.least, PAUSE_MS.most));
  }
}

async function send({ endpoint }: PairedRegion, order: ShopOrder): Promise<number> {
  const { orderId, productId, quantity, priority } = order;
  const answer = await fetch(`${endpoint}/_api/order-processing/orders`, {
    method: "POST",
    body: JSON.stringify({
      orderId,
      customerId: `c-${productId}`,
      email: "ann@example.com",
      cardToken: `tok-${orderId}`,
      items: [{ productId, quantity, unitPrice: UNIT_PRICE }],
      totalAmount: quantity * UNIT_PRICE,
      priority,
    }),
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  await answer.body?.cancel();
  return answer.status;
}
