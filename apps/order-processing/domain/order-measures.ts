import type { Measure } from "@reliq/aws/telemetry";
import type { OrderState, OrderStatus } from "./order-state.ts";

const COUNTED: Partial<Readonly<Record<OrderStatus, string>>> = {
  created: "Orders_Created",
  shipped: "Orders_Shipped",
  cancelled: "Orders_Cancelled",
  rejected: "Orders_Rejected",
};

/** What a change of an order is for the business: orders by how they ended, money in and back in cents, and how long an order took, seconds. */
export function measureOrder(before: OrderState | undefined, after: OrderState, changedAtMs: number): Measure[] {
  const { status, amountCents, placedAtMs, owed } = after;
  const count = (name: string, value: number): Measure => ({ name, value, kind: "count", dimensions: {} });
  const measures: Measure[] = [];
  if (before?.owed.includes("money") && !owed.includes("money")) measures.push(count("Refunded_Cents", amountCents));
  if (status === before?.status) return measures;
  const name = COUNTED[status];
  if (name) measures.push(count(name, 1));
  // Money that comes too late is paid too, and refunded.
  if (status === "paid" || (status === "compensating" && before?.status === "reserved" && owed.includes("money"))) {
    measures.push(count("Revenue_Cents", amountCents));
  }
  if (status === "shipped" && placedAtMs !== undefined) {
    const value = Math.max(0, changedAtMs - placedAtMs) / 1_000;
    measures.push({ name: "Order_Seconds", value, kind: "gauge", dimensions: {} });
  }
  return measures;
}
