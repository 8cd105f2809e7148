import type { Violation } from "./history.ts";

/** Money that moved at the gateway, once for each key under which it was asked for. */
export interface Movement {
  readonly kind: "charges" | "refunds";
  readonly orderId: string;
  readonly amountCents: number;
}

/** An order as the region has it that went on. */
export interface EndedOrder {
  readonly orderId: string;
  readonly status: string;
  readonly amountCents: number;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
}

/** What clients were told, and what is there at the end. */
export interface FailoverHistory {
  /** The orders that were answered 202, by either region. */
  readonly acknowledged: ReadonlySet<string>;
  readonly orders: readonly EndedOrder[];
  readonly movements: readonly Movement[];
  /** The orders of which a parcel has gone, one entry for each parcel. */
  readonly parcels: readonly string[];
  /** What is on the shelves, by product, and what was at first. */
  readonly stock: Readonly<Record<string, number>>;
  readonly stockAtFirst: Readonly<Record<string, number>>;
}

const ENDED = ["shipped", "cancelled", "rejected"];

/**
 * What was acknowledged has ended, was paid and shipped once or neither, and what is not on a shelf is in a parcel: whichever region was killed.
 * `broken`: money or stock that does not fit how the orders ended.
 */
export function checkFailover(history: FailoverHistory): readonly Violation[] {
  const orders = new Map(history.orders.map((order) => [order.orderId, order]));
  const parcels = Map.groupBy(history.parcels, (orderId) => orderId);
  const movements = Map.groupBy(history.movements, ({ orderId }) => orderId);
  const ids = new Set([...history.acknowledged, ...orders.keys(), ...parcels.keys(), ...movements.keys()]);
  const found = [...ids].flatMap((orderId): readonly Violation[] => {
    const isAcknowledged = history.acknowledged.has(orderId);
    const effects = { movements: movements.get(orderId) ?? [], parcels: (parcels.get(orderId) ?? []).length };
    return checkOrder(orderId, orders.get(orderId), isAcknowledged, effects);
  });
  return [...found, ...checkStock(history)];
}

interface OrderEffects {
  readonly movements: readonly Movement[];
  readonly parcels: number;
}

function checkOrder(
  orderId: string,
  order: EndedOrder | undefined,
  isAcknowledged: boolean,
  { movements, parcels }: OrderEffects,
): readonly Violation[] {
  const charges = movements.filter(({ kind }) => kind === "charges").length;
  const twice: Violation[] = [
    ...(charges > 1 ? [{ kind: "doubled" as const, evidence: `${orderId} was charged ${charges} times` }] : []),
    ...(parcels > 1 ? [{ kind: "doubled" as const, evidence: `${orderId} went in ${parcels} parcels` }] : []),
  ];
  if (isAcknowledged && !(order && ENDED.includes(order.status))) {
    const stands = order ? `stands at ${order.status}` : "is not there";
    return [...twice, { kind: "lost", evidence: `${orderId} was acknowledged, and ${stands}` }];
  }
  const isShipped = order?.status === "shipped";
  const paidCents = movements.reduce(
    (sum, { kind, amountCents }) => sum + (kind === "charges" ? 1 : -1) * amountCents,
    0,
  );
  const owedCents = isShipped ? order.amountCents : 0;
  if (isShipped && parcels === 0)
    return [...twice, { kind: "lost", evidence: `${orderId} is shipped, and no parcel went` }];
  if (paidCents === owedCents || charges > 1) return twice;
  const evidence = `${orderId} is ${order?.status ?? "not there"}: ${paidCents} cents were paid and not ${owedCents}`;
  return [...twice, { kind: "broken", evidence }];
}

function checkStock({ orders, stock, stockAtFirst }: FailoverHistory): readonly Violation[] {
  const sold = new Map<string, number>();
  for (const { items } of orders.filter(({ status }) => status === "shipped")) {
    for (const { productId, quantity } of items) sold.set(productId, (sold.get(productId) ?? 0) + quantity);
  }
  return Object.entries(stockAtFirst).flatMap(([productId, atFirst]): readonly Violation[] => {
    const [left, gone] = [stock[productId] ?? 0, sold.get(productId) ?? 0];
    if (left >= 0 && left + gone === atFirst) return [];
    return [{ kind: "broken", evidence: `of ${productId} there were ${atFirst}; ${left} are left and ${gone} sold` }];
  });
}
