import { type Order, toCents } from "./order.ts";
import type { QueueKey } from "./queues.ts";

/** From here on an order is large, cents. */
const LARGE_CENTS = 1_000_000;

/** Which queue an order goes to: a priority order overtakes the others, and a large one has a queue of its own. */
export function routeOrder({ priority, totalAmount }: Pick<Order, "priority" | "totalAmount">): QueueKey {
  if (priority === "high") return "priority_orders";
  return toCents(totalAmount) >= LARGE_CENTS ? "large_orders" : "orders";
}
