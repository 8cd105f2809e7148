import type { OutgoingMessage } from "@reliq/core";
import type { InventoryMessage, Notification, OrderMessage, PaymentMessage, ShippingMessage } from "./messages.ts";
import type { Command, OrderEvent, OrderState, OrderStatus, Step } from "./order-state.ts";
import type { QueueKey } from "./queues.ts";

/** A message that is written down with the effect that it follows from, and sent from there. */
export interface Told {
  readonly to: QueueKey;
  /** Names it: a repeat is the same message. */
  readonly id: string;
  readonly message: OutgoingMessage;
}

interface Bodies {
  readonly orders: OrderMessage;
  readonly inventory: InventoryMessage;
  readonly payments: PaymentMessage;
  readonly shipping: ShippingMessage;
  readonly notifications: Notification;
}

/** What other services and the customer are told after a step. */
export function tellOf({ after, commands }: Step): readonly Told[] {
  return [...commands.map((command) => tellService(command, after)), ...tellCustomer(after)];
}

/** What the order service is told. */
export function tellOrders(orderId: string, event: OrderEvent): Told {
  return tell("orders", `${orderId}#${event.kind}`, { kind: "event", orderId, event });
}

function tellService(command: Command, order: OrderState): Told {
  const { orderId, customerId, items, amountCents, paymentMethod: method, partial } = order;
  const id = `${orderId}#${command}`;
  switch (command) {
    case "charge":
    case "refund":
      return tell("payments", id, { kind: command, orderId, method, amountCents });
    case "ship":
      return tell("shipping", id, { orderId, customerId, items: [...items] });
    case "keep":
    case "release":
    case "reserve":
      return tell("inventory", id, { kind: command, orderId, items: [...items], partial }, groupOf(items));
  }
}

/** The group of an order's stock: all of one order in its order, and different products side by side. */
export function groupOf(items: OrderState["items"]): string {
  return items.map(({ productId }) => productId).toSorted()[0] ?? "none";
}

const SUBJECTS: Partial<Readonly<Record<OrderStatus, string>>> = {
  created: "We have your order",
  shipped: "Your order is on its way",
  rejected: "We cannot fulfil your order",
  cancelled: "Your order is cancelled",
};

function tellCustomer({ orderId, status, email, because, trackingNumber }: OrderState): readonly Told[] {
  const subject = SUBJECTS[status];
  if (subject === undefined || email === undefined) return [];
  const text = [`Order ${orderId}`, because, trackingNumber && `Tracking number ${trackingNumber}`].filter(Boolean);
  return [
    tell("notifications", `${orderId}#${status}`, {
      orderId,
      channel: "email",
      to: email,
      subject,
      text: text.join(". "),
    }),
  ];
}

function tell<To extends keyof Bodies>(to: To, id: string, body: Bodies[To], groupId?: string): Told {
  const message = { body: JSON.stringify(body), ...(groupId !== undefined && { groupId, deduplicationId: id }) };
  return { to, id, message };
}
