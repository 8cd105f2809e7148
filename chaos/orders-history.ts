import type { Random } from "./random.ts";

/** What is wrong with an order on purpose: what a repair mends, what passes with a heal, what kills its process, and what can never be an order. */
type OrderFault = "down" | "exit" | "garbage" | "lower-case" | "negative";

/** What an order does to its group: an effect is one of these, field by field. */
export interface OrderEffect {
  readonly key: string;
  readonly amount: number;
  readonly symbol: string;
}

/** An order as its producer sends it. */
export interface SentOrder extends OrderEffect {
  readonly group: string;
  readonly fault?: OrderFault;
}

/** The share of poison of every kind, and of what a producer sends twice. */
const POISON = 0.01;
const REPEATED = 0.05;

/** Orders of one group, on average. */
const IN_A_GROUP = 100;

/** Orders of some groups, in the order in which they are sent, some of them twice; from a seed. */
export function makeOrders(count: number, random: Random): readonly SentOrder[] {
  const groups = Math.max(2, Math.round(count / IN_A_GROUP));
  return Array.from({ length: count }, (_, index) => {
    const fault = random.chance(POISON)
      ? random.pick<OrderFault>(["down", "exit", "garbage", "lower-case", "negative"])
      : undefined;
    return {
      key: String(index),
      group: `g-${random.integer(1, groups)}`,
      amount: random.integer(1, 1_000) * (fault === "negative" ? -1 : 1),
      symbol: fault === "lower-case" ? "aapl" : "AAPL",
      ...(fault && { fault }),
    };
  });
}

/** The orders with those that a producer sends twice. */
export function withRepeats(orders: readonly SentOrder[], random: Random): readonly SentOrder[] {
  return orders.flatMap((order) => (random.chance(REPEATED) ? [order, order] : [order]));
}

/** What one worker without faults leaves behind of the orders of each group, after repair: each once, in the order in which they were sent. */
export function expectedEffects(orders: readonly SentOrder[]): ReadonlyMap<string, readonly OrderEffect[]> {
  const valid = orders.filter(({ fault }) => fault !== "garbage");
  const effects = Map.groupBy(valid, ({ group }) => group);
  return new Map([...effects].map(([group, ofGroup]) => [group, ofGroup.map(effectOf)]));
}

/** An order's effect once what is wrong with it is mended. */
export function effectOf({ key, amount, symbol }: OrderEffect): OrderEffect {
  return { key, amount: Math.abs(amount), symbol: symbol.toUpperCase() };
}
