import { hash } from "node:crypto";
import { type Item, type Order, sumCents } from "./order.ts";

/** Where an order can stand; `compensating`: something failed, and what was done for it is being undone. */
export const ORDER_STATUSES = [
  "created",
  "reserved",
  "paid",
  "shipped",
  "compensating",
  "cancelled",
  "rejected",
] as const;

/** Where an order stands. */
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What has to be undone before an order is cancelled. */
type Owed = "money" | "stock";

/** An order as the order service keeps it. */
export interface OrderState {
  readonly orderId: string;
  /** Grows by one with each change. */
  readonly version: number;
  readonly status: OrderStatus;
  readonly customerId: string;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly cardToken?: string | undefined;
  /** When the API took it, milliseconds since the Unix epoch. */
  readonly placedAtMs?: number | undefined;
  /** Whether it overtakes others. */
  readonly priority?: boolean | undefined;
  readonly paymentMethod: Order["paymentMethod"];
  /** What is sent: all that was ordered, or what was in stock of it. */
  readonly items: readonly Item[];
  readonly amountCents: number;
  readonly partial: boolean;
  /** Names what was ordered: another order of the same id has another. */
  readonly ordered: string;
  readonly owed: readonly Owed[];
  /** Whether its stock is its own for good, or has gone back because its payment took too long. @default reserved for a while, or not at all */
  readonly stock?: "expired" | "kept";
  readonly because?: string;
  readonly trackingNumber?: string;
}

/** What other services tell of an order. */
export type OrderEvent =
  | { readonly kind: "stock-reserved"; readonly items: readonly Item[] }
  | { readonly kind: "stock-rejected"; readonly because: string }
  | { readonly kind: "stock-kept" }
  | { readonly kind: "stock-expired" }
  | { readonly kind: "stock-released" }
  | { readonly kind: "payment-captured" }
  | { readonly kind: "payment-declined"; readonly because: string }
  | { readonly kind: "payment-refunded" }
  | { readonly kind: "shipped"; readonly trackingNumber: string }
  | { readonly kind: "shipment-failed"; readonly because: string };

/** What other services are told to do. */
export type Command = "charge" | "keep" | "refund" | "release" | "reserve" | "ship";

/** What an event makes of an order. */
export interface Step {
  readonly after: OrderState;
  readonly commands: readonly Command[];
}

/** The state of a new order, and what is done first for it. */
export function createOrder({ priority, totalAmount, ...order }: Order, placedAtMs?: number): Step {
  const after: OrderState = {
    ...order,
    version: 1,
    status: "created",
    amountCents: sumCents(order.items),
    ordered: orderedBy({ ...order, priority, totalAmount }),
    owed: [],
    ...(placedAtMs !== undefined && { placedAtMs }),
    ...(priority === "high" && { priority: true }),
  };
  return { after, commands: ["reserve"] };
}

/** Names what is ordered, by whom and how it is paid; what is sealed differs each time, and is not part of it. */
export function orderedBy({ customerId, items, totalAmount, paymentMethod, priority, partial }: Order): string {
  const lines = items.map(({ productId, quantity, unitPrice }) => [productId, quantity, unitPrice]);
  return hash("sha256", JSON.stringify([customerId, lines, totalAmount, paymentMethod, priority, partial]));
}

/** What an event makes of an order; undefined where it is no news: it came again, or too late to matter. */
export function nextStep(before: OrderState, event: OrderEvent): Step | undefined {
  switch (event.kind) {
    case "stock-reserved":
      if (before.status === "created") return reserved(before, event.items);
      return undefined;
    case "stock-rejected":
      if (before.status !== "created") return undefined;
      return change(before, { status: "rejected", because: event.because });
    case "stock-expired":
      return expired(before);
    case "payment-captured":
      if (before.status !== "reserved") return undefined;
      return before.stock === "expired"
        ? compensate(before, TOO_LATE, ["money"])
        : change(before, { status: "paid" }, ["keep"]);
    case "payment-declined":
      if (before.status !== "reserved") return undefined;
      return before.stock === "expired"
        ? change(before, { status: "cancelled", because: event.because })
        : compensate(before, event.because, ["stock"]);
    case "stock-kept":
      return before.status === "paid" && !before.stock ? change(before, { stock: "kept" }, ["ship"]) : undefined;
    case "shipped":
      if (before.status !== "paid" || !before.stock) return undefined;
      return change(before, { status: "shipped", trackingNumber: event.trackingNumber });
    case "shipment-failed":
      if (before.status !== "paid" || !before.stock) return undefined;
      return compensate(before, event.because, ["stock", "money"]);
    case "stock-released":
      return settle(before, "stock");
    case "payment-refunded":
      return settle(before, "money");
  }
}

/** What is to be done for an order as it stands; none where it has ended. Each is done once, however often it is told. */
export function commandsDue({ status, stock, owed }: OrderState): readonly Command[] {
  switch (status) {
    case "created":
      return ["reserve"];
    case "reserved":
      return ["charge"];
    case "paid":
      return stock ? ["ship"] : ["keep"];
    case "compensating":
      return owed.map((each) => UNDO[each]);
    case "cancelled":
    case "rejected":
    case "shipped":
      return [];
  }
}

const TOO_LATE = "its payment came after its reservation had expired";

/** A charge that is on its way cannot be called back: the answer to it decides. */
function expired(before: OrderState): Step | undefined {
  if (before.stock) return undefined;
  if (before.status === "reserved") return change(before, { stock: "expired" });
  return before.status === "paid" ? compensate({ ...before, stock: "expired" }, TOO_LATE, ["money"]) : undefined;
}

function reserved(before: OrderState, items: readonly Item[]): Step {
  return change(before, { status: "reserved", items, amountCents: sumCents(items) }, ["charge"]);
}

const UNDO: Readonly<Record<Owed, Command>> = { money: "refund", stock: "release" };

function compensate(before: OrderState, because: string, owed: readonly Owed[]): Step {
  return change(
    before,
    { status: "compensating", because, owed },
    owed.map((each) => UNDO[each]),
  );
}

function settle(before: OrderState, what: Owed): Step | undefined {
  if (!before.owed.includes(what)) return undefined;
  const owed = before.owed.filter((each) => each !== what);
  return change(before, owed.length === 0 ? { owed, status: "cancelled" } : { owed });
}

function change(before: OrderState, changes: Partial<OrderState>, commands: readonly Command[] = []): Step {
  return { after: { ...before, ...changes, version: before.version + 1 }, commands };
}
