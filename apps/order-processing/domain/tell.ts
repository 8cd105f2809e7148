import type { OutgoingMessage } from "@reliq/core";
import type { InventoryMessage, OrderMessage, PaymentMessage, ShippingMessage } from "./messages.ts";
import type { Command, OrderEvent, OrderState, Step } from "./order-state.ts";
import type { ToldQueue } from "./queues.ts";
import type { Reservation } from "./stock.ts";

/** A message that is written down with the effect that it follows from, and sent from there. */
export interface Told {
  readonly to: ToldQueue;
  /** Names it: a repeat is the same message. */
  readonly id: string;
  readonly message: OutgoingMessage;
}

interface Bodies {
  readonly orders: OrderMessage;
  readonly priority_orders: OrderMessage;
  readonly inventory: InventoryMessage;
  readonly payments: PaymentMessage;
  readonly shipping: ShippingMessage;
}

/** What other services are told after a step. */
export function tellOf({ after, commands }: Step): readonly Told[] {
  return commands.map((command) => tellService(command, after));
}

/** What the order service is told; of a priority order by its own queue, so that it does not wait behind the others. */
export function tellOrders({ orderId, priority }: Pick<OrderState, "orderId" | "priority">, event: OrderEvent): Told {
  const body: OrderMessage = { kind: "event", orderId, event };
  const id = `${orderId}#${event.kind}`;
  return priority ? tell("priority_orders", id, body, orderId) : tell("orders", id, body);
}

function tellService(command: Command, order: OrderState): Told {
  const { orderId, customerId, items, amountCents, paymentMethod: method, cardToken, partial } = order;
  const id = `${orderId}#${command}`;
  const urgent = order.priority ? { priority: true } : {};
  switch (command) {
    case "charge":
      return tell("payments", id, { kind: command, orderId, method, amountCents, cardToken, ...urgent });
    case "refund":
      return tell("payments", id, { kind: command, orderId, method, amountCents, ...urgent });
    case "ship":
      return tell("shipping", id, { orderId, customerId, items: [...items], ...urgent });
    case "keep":
    case "release":
    case "reserve":
      return tell("inventory", id, { kind: command, orderId, items: [...items], partial, ...urgent }, groupOf(items));
  }
}

/** Tells the inventory service of a reservation that its table has let go of: the stock goes back, once. */
export function tellExpired({ orderId, items }: Pick<OrderState, "items" | "orderId">): Told {
  const body: InventoryMessage = { kind: "expire", orderId, items: [...items], partial: false };
  return tell("inventory", `${orderId}#expire`, body, groupOf(items));
}

/** Tells the inventory service of a reservation that another region has made or ended, and told of late: the count of its stock may be without it. */
export function tellCount({ orderId, state, items, taken, returned }: Reservation): Told {
  const body: InventoryMessage = { kind: "count", orderId, items: [...items], partial: false, taken, returned };
  return tell("inventory", `${orderId}#count#${state}`, body, groupOf(items));
}

/** The group of an order's stock: all of one order in its order, and different products side by side. */
function groupOf(items: OrderState["items"]): string {
  return items.map(({ productId }) => productId).toSorted()[0] ?? "none";
}

function tell<To extends keyof Bodies>(to: To, id: string, body: Bodies[To], groupId?: string): Told {
  const message = { body: JSON.stringify(body), ...(groupId !== undefined && { groupId, deduplicationId: id }) };
  return { to, id, message };
}
