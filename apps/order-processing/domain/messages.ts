import * as v from "valibot";
import { type Item, type Order, orderSchema, PAYMENT_METHODS, type PaymentMethod } from "./order.ts";
import type { OrderEvent } from "./order-state.ts";

/** What the queues of orders carry: a new order, or what became of one. */
export type OrderMessage =
  | { readonly kind: "event"; readonly orderId: string; readonly event: OrderEvent }
  | { readonly kind: "order"; readonly order: Order };

/** What the payment service is told. */
export interface PaymentMessage {
  readonly kind: "charge" | "refund";
  readonly orderId: string;
  readonly method: PaymentMethod;
  readonly amountCents: number;
}

/** What the inventory service is told. */
export interface InventoryMessage {
  readonly kind: "expire" | "keep" | "release" | "reserve";
  readonly orderId: string;
  readonly items: readonly Item[];
  /** Whether what is in stock will do. */
  readonly partial: boolean;
}

/** What the shipping service is told. */
export interface ShippingMessage {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly Item[];
}

/** What a customer is told. */
export interface Notification {
  readonly orderId: string;
  readonly channel: "email" | "sms";
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const id = v.pipe(v.string(), v.minLength(1));
const cents = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
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
  v.object({ kind: v.literal("order"), order: orderSchema }),
  v.object({ kind: v.literal("event"), orderId: id, event: eventSchema }),
]);

export const paymentMessageSchema: v.GenericSchema<unknown, PaymentMessage> = v.object({
  kind: v.picklist(["charge", "refund"]),
  orderId: id,
  method: v.picklist(PAYMENT_METHODS),
  amountCents: cents,
});

export const inventoryMessageSchema: v.GenericSchema<unknown, InventoryMessage> = v.object({
  kind: v.picklist(["expire", "keep", "release", "reserve"]),
  orderId: id,
  items,
  partial: v.boolean(),
});

export const shippingMessageSchema: v.GenericSchema<unknown, ShippingMessage> = v.object({
  orderId: id,
  customerId: id,
  items,
});

export const notificationSchema: v.GenericSchema<unknown, Notification> = v.object({
  orderId: id,
  channel: v.picklist(["email", "sms"]),
  to: v.string(),
  subject: v.string(),
  text: v.string(),
});
