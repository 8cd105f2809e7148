import { commandsDue, type OrderState } from "./order-state.ts";
import type { Reservation } from "./stock.ts";
import { type Told, tellExpired, tellOf } from "./tell.ts";

/**
 * What the services are told of an order that another region was at work on: its next step, as the order stands here. Each service knows a repeat.
 * A reservation that its table has let go of while nobody listened gives its stock back.
 */
export function tellAgain(order: OrderState, reservation: Reservation | undefined): readonly Told[] {
  const told = tellOf({ after: order, commands: commandsDue(order) });
  const isOpen = (order.status === "reserved" || order.status === "paid") && !order.stock;
  return isOpen && !reservation ? [tellExpired(order), ...told] : told;
}
