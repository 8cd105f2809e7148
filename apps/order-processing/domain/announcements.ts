import type { OrderState, OrderStatus } from "./order-state.ts";
import type { Stock } from "./stock.ts";

/** The topics of the system; `system_health` is told by alarms. */
export const TOPICS = ["order_status", "payment_notifications", "inventory_alerts", "system_health"] as const;

/** Names a topic. */
export type TopicKey = (typeof TOPICS)[number];

/** What a topic is told, with what its subscriptions filter by. */
export interface Announcement {
  readonly topic: TopicKey;
  readonly message: object;
  /** The same for a phone. */
  readonly short: string;
  readonly attributes: { readonly severity: string; readonly status: string; readonly customer?: "told" };
}

const CRITICAL: ReadonlySet<OrderStatus> = new Set(["cancelled", "rejected"]);
/** What customers hear of, if they have left an address. */
const OF_CUSTOMERS: ReadonlySet<OrderStatus> = new Set(["created", "shipped", "rejected", "cancelled"]);
const OF_PAYMENT: ReadonlySet<OrderStatus> = new Set(["compensating", "paid"]);

/** What is told of a changed order: each new status once, of money to who keeps the books too. */
export function announceOrder(before: OrderState | undefined, after: OrderState): readonly Announcement[] {
  const { orderId, customerId, status, amountCents, because, email, phone, trackingNumber } = after;
  if (status === before?.status) return [];
  const severity = CRITICAL.has(status) ? "critical" : "info";
  const message = { orderId, customerId, status, amountCents, because };
  const attributes = { severity, status };
  const short = [`Order ${orderId} is ${status}`, because].filter(Boolean).join(": ");
  const isTold = OF_CUSTOMERS.has(status) && (email ?? phone) !== undefined;
  const told: Announcement = {
    topic: "order_status",
    short,
    message: { ...message, trackingNumber, ...(isTold && { email, phone }) },
    attributes: { ...attributes, ...(isTold && { customer: "told" }) },
  };
  return OF_PAYMENT.has(status) ? [told, { topic: "payment_notifications", message, short, attributes }] : [told];
}

/** What is told of changed stock: that it has become low, and that pieces are owed, which two regions have sold. */
export function announceStock(before: Stock | undefined, after: Stock): readonly Announcement[] {
  const isLow = ({ available, lowAt }: Stock): boolean => available <= lowAt;
  const isOwed = after.available < 0 && (before?.available ?? 0) >= 0;
  if (!isOwed && (!isLow(after) || (before && isLow(before)))) return [];
  const { productId, available } = after;
  const attributes = { severity: available <= 0 ? "critical" : "warning", status: "low-stock" };
  const short = available < 0 ? `Of ${productId} ${-available} are owed` : `Of ${productId} ${available} are left`;
  return [{ topic: "inventory_alerts", message: { event: "low-stock", productId, available }, short, attributes }];
}
