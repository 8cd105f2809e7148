import {
  type Consumer,
  consumer,
  type EncryptedFields,
  exponential,
  PermanentFailure,
  redacted,
  ValidationFailure,
} from "@reliq/core";
import {
  type InventoryMessage,
  inventoryMessageSchema,
  type OrderMessage,
  orderMessageSchema,
  type PaymentMessage,
  paymentMessageSchema,
  type ShippingMessage,
  shippingMessageSchema,
} from "./messages.ts";
import { createOrder, nextStep, type OrderEvent, type OrderState, orderedBy, type Step } from "./order-state.ts";
import { changeStock, type Inventory, type StockChange } from "./stock.ts";
import { type Told, tellOf, tellOrders } from "./tell.ts";

const WEEK_SECONDS = 7 * 86_400;

/** What every service writes with its effect: the messages that follow from it. */
export interface Telling {
  readonly tell: (told: Told) => unknown;
}

/** The orders as they are stored. */
export interface OrderStore extends Telling {
  readonly get: (orderId: string) => Promise<OrderState | undefined>;
  /** Holds only where nobody has changed the order since it was `before`. */
  readonly write: (after: OrderState, before: OrderState | undefined) => unknown;
}

/** The stock and what is reserved of it. */
export interface StockStore extends Telling {
  readonly get: (message: InventoryMessage) => Promise<Inventory>;
  readonly write: (change: StockChange, before: Inventory) => readonly unknown[];
}

/** How a charge or refund ended. */
export type GatewayAnswer = { readonly kind: "declined"; readonly because: string } | { readonly kind: "done" };

/** The payment gateway: the same key is one payment. */
export type Gateway = (payment: PaymentMessage, key: string, signal: AbortSignal) => Promise<GatewayAnswer>;

/** What a carrier says of a parcel: its number, or why it does not take it. */
type CarrierAnswer = { readonly trackingNumber: string } | { readonly because: string };

/** Takes parcels: the same key is one parcel. */
export type Carrier = (shipment: ShippingMessage, key: string, signal: AbortSignal) => Promise<CarrierAnswer>;

const backoff = exponential({ baseSeconds: 1, capSeconds: 60 });

/** Somebody else's trouble lasts longer than our own. */
const PATIENT = exponential({ baseSeconds: 5, capSeconds: 300 });

/** The order service: takes new orders, and what the other services tell of them. */
export function ordersConsumer(store: OrderStore): Consumer<OrderMessage> {
  return consumer({
    name: "orders",
    schema: orderMessageSchema,
    personalFields: redacted(["email", "phone", "cardToken"]),
    effect: "transactional",
    idempotency: { key: keyOfOrder, ttlSeconds: WEEK_SECONDS },
    retry: { backoff },
    async handle(message) {
      const orderId = message.kind === "order" ? message.order.orderId : message.orderId;
      const before = await store.get(orderId);
      const step = message.kind === "order" ? placed(before, message) : followed(before, message);
      if (!step) return { writes: [] };
      return { writes: [store.write(step.after, before), ...tellOf(step).map(store.tell)] };
    },
  });
}

/** An order that is sent once more is another message, with other seals: the order itself, in its table, says that it is there. */
function keyOfOrder(message: OrderMessage, { messageId }: { readonly messageId: string }): string {
  return message.kind === "order"
    ? `${message.order.orderId}#order#${messageId}`
    : `${message.orderId}#${message.event.kind}`;
}

/** @throws ValidationFailure where another order has its id */
function placed(
  before: OrderState | undefined,
  { order, placedAtMs }: Extract<OrderMessage, { kind: "order" }>,
): Step | undefined {
  if (!before) return createOrder(order, placedAtMs);
  if (before.ordered === orderedBy(order)) return undefined;
  throw new ValidationFailure(`There is another order ${order.orderId}: give each order an id of its own.`);
}

function followed(
  before: OrderState | undefined,
  { event }: Extract<OrderMessage, { kind: "event" }>,
): Step | undefined {
  return before && nextStep(before, event);
}

/** The inventory service: all that an order needs at once, or what it says will do. */
export function inventoryConsumer(store: StockStore): Consumer<InventoryMessage> {
  return consumer({
    name: "inventory",
    schema: inventoryMessageSchema,
    effect: "transactional",
    retry: { backoff },
    async handle(message) {
      const before = await store.get(message);
      const change = changeStock(message, before);
      const told = change.event ? [store.tell(tellOrders(message, change.event))] : [];
      return { writes: [...store.write(change, before), ...told] };
    },
  });
}

/** How payments are written down, and which fields are opened for them. */
export interface PaymentParts extends Telling {
  readonly write: (payment: PaymentMessage, answer: GatewayAnswer) => unknown;
  readonly encryptedFields: EncryptedFields;
}

/** The payment service: the gateway is asked with the command's key, so that a repeat charges nothing. */
export function paymentsConsumer(
  gateway: Gateway,
  { tell, write, encryptedFields }: PaymentParts,
): Consumer<PaymentMessage> {
  return consumer({
    name: "payments",
    schema: paymentMessageSchema,
    encryptedFields,
    effect: "transactional",
    idempotency: { key: paymentKey, ttlSeconds: WEEK_SECONDS },
    retry: { backoff: PATIENT },
    async handle(payment, { signal }) {
      const answer = await gateway(payment, paymentKey(payment), signal);
      if (payment.kind === "refund" && answer.kind === "declined") {
        throw new PermanentFailure(`The gateway does not give ${payment.amountCents} cents back: ${answer.because}.`);
      }
      return { writes: [write(payment, answer), tell(tellOrders(payment, eventOf(payment, answer)))] };
    },
  });
}

function paymentKey({ orderId, kind }: PaymentMessage): string {
  return `${orderId}#${kind}`;
}

function eventOf({ kind }: PaymentMessage, answer: GatewayAnswer): OrderEvent {
  if (answer.kind === "declined") return { kind: "payment-declined", because: answer.because };
  return { kind: kind === "charge" ? "payment-captured" : "payment-refunded" };
}

/** The shipping service: a shipment and its tracking number. */
export function shippingConsumer(
  carrier: Carrier,
  { tell, write }: Telling & { readonly write: (shipment: ShippingMessage, trackingNumber: string) => unknown },
): Consumer<ShippingMessage> {
  return consumer({
    name: "shipping",
    schema: shippingMessageSchema,
    effect: "transactional",
    idempotency: { key: ({ orderId }) => orderId, ttlSeconds: WEEK_SECONDS },
    retry: { backoff: PATIENT },
    async handle(shipment, { signal }) {
      const answer = await carrier(shipment, shipment.orderId, signal);
      if ("because" in answer) {
        return { writes: [tell(tellOrders(shipment, { kind: "shipment-failed", because: answer.because }))] };
      }
      const { trackingNumber } = answer;
      return {
        writes: [write(shipment, trackingNumber), tell(tellOrders(shipment, { kind: "shipped", trackingNumber }))],
      };
    },
  });
}
