import * as v from "valibot";
import { acceptedOrderSchema, type Item, type Order, PAYMENT_METHODS, type PaymentMethod } from "./order.ts";
import { ORDER_STATUSES, type OrderEvent, type OrderStatus } from "./order-state.ts";
import type { Counted } from "./stock.ts";

/** What the queues of orders carry: a new order, or what became of one. */
export type OrderMessage =
  | { readonly kind: "event"; readonly orderId: string; readonly event: OrderEvent }
  | { readonly kind: "order"; readonly order: Order; readonly placedAtMs?: number | undefined };

/** What the payment service is told. */
export interface PaymentMessage {
  readonly kind: "charge" | "refund";
  readonly orderId: string;
  readonly method: PaymentMethod;
  readonly amountCents: number;
  /** What the gateway charges, where the customer gave it. */
  readonly cardToken?: string | undefined;
  readonly priority?: boolean | undefined;
}

/** What the inventory service is told. */
export interface InventoryMessage {
  readonly kind: "count" | "expire" | "keep" | "release" | "reserve";
  readonly orderId: string;
  readonly items: readonly Item[];
  /** Whether what is in stock will do. */
  readonly partial: boolean;
  /** Whether what becomes of it is told by the queue of priority orders. */
  readonly priority?: boolean | undefined;
  /** Of `count`: where the stock was taken from the shelf, and put back. */
  readonly taken?: Counted | undefined;
  readonly returned?: Counted | undefined;
}

/** What the shipping service is told. */
export interface ShippingMessage {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly Item[];
  readonly priority?: boolean | undefined;
}

/** What a customer is told of: an order's new status, as the topic of orders has it. */
export interface Notification {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly email?: string | undefined;
  /** Used where there is no e-mail address. */
  readonly phone?: string | undefined;
  readonly because?: string | undefined;
  readonly trackingNumber?: string | undefined;
}

const id = v.pipe(v.string(), v.minLength(1));
const cents = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const priority = v.optional(v.boolean());
const text = v.optional(v.string());
const counted = v.optional(v.record(id, v.object({ epoch: v.number(), version: v.number() })));
const items = v.array(v.object({ productId: id, quantity: v.number(), unitPrice: v.number() }));

const eventSchema = v.variant("kind", [
  v.object({ kind: v.literal("stock-reserved"), items }),
  v.object({ kind: v.picklist(["stock-rejected", "payment-declined", "shipment-failed"]), because: v.string() }),
  v.object({
    kind: v.picklist(["stock-kept", "stock-expired", "stock-released", "payment-captured", "payment-refunded"]),
  }),
  v.object({ kind: v.literal("shipped"), trackingNumber: v.string() }),
]);

export const orderMessageSchema: v.GenericSchema<unknown, OrderMessage> = v.variant("kind", [
  v.object({ kind: v.literal("order"), order: acceptedOrderSchema, placedAtMs: v.optional(v.number()) }),
  v.object({ kind: v.literal("event"), orderId: id, event: eventSchema }),
]);

export const paymentMessageSchema: v.GenericSchema<unknown, PaymentMessage> = v.object({
  kind: v.picklist(["charge", "refund"]),
  orderId: id,
  method: v.picklist(PAYMENT_METHODS),
  amountCents: cents,
  cardToken: text,
  priority,
});

export const inventoryMessageSchema: v.GenericSchema<unknown, InventoryMessage> = v.object({
  kind: v.picklist(["count", "expire", "keep", "release", "reserve"]),
  orderId: id,
  items,
  partial: v.boolean(),
  priority,
  taken: counted,
  returned: counted,
});

export const shippingMessageSchema: v.GenericSchema<unknown, ShippingMessage> = v.object({
  orderId: id,
  customerId: id,
  items,
  priority,
});

export const notificationSchema: v.GenericSchema<unknown, Notification> = v.object({
  orderId: id,
  status: v.picklist(ORDER_STATUSES),
  email: text,
  phone: text,
  because: text,
  trackingNumber: text,
});
