import { expect, test } from "vitest";
import { measureOrder } from "./order-measures.ts";
import { createOrder, nextStep, type OrderEvent, type OrderState } from "./order-state.ts";

const items = [{ productId: "p-1", quantity: 2, unitPrice: 10.5 }];
const order = {
  orderId: "o-1",
  customerId: "c-1",
  items,
  totalAmount: 21,
  paymentMethod: "card",
  partial: false,
} as const;

/** All that is measured of an order that has some events, one second after the other. */
function measured(events: readonly OrderEvent[]): Readonly<Record<string, number>> {
  const states: OrderState[] = [createOrder({ ...order, priority: "normal" }, 0).after];
  for (const event of events) {
    const step = nextStep(states.at(-1) as OrderState, event);
    if (step) states.push(step.after);
  }
  const all = states.flatMap((after, index) => measureOrder(states[index - 1], after, index * 1_000));
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

const PAID: readonly OrderEvent[] = [{ kind: "stock-reserved", items }, { kind: "payment-captured" }];

test("an order that goes well is counted once, with its revenue and how long it took", () => {
  const went = measured([...PAID, { kind: "stock-kept" }, { kind: "shipped", trackingNumber: "t" }]);
  expect(went).toEqual({ Orders_Created: 1, Revenue_Cents: 2_100, Orders_Shipped: 1, Order_Seconds: 4 });
});

test("what is given back was revenue before: both balance, also where the money came too late", () => {
  const failed = [...PAID, { kind: "stock-kept" }, { kind: "shipment-failed", because: "no address" }] as const;
  const back = measured([...failed, { kind: "stock-released" }, { kind: "payment-refunded" }]);
  expect(back).toEqual({ Orders_Created: 1, Revenue_Cents: 2_100, Refunded_Cents: 2_100, Orders_Cancelled: 1 });
  const [reserved, captured] = PAID as [OrderEvent, OrderEvent];
  const late = measured([reserved, { kind: "stock-expired" }, captured, { kind: "payment-refunded" }]);
  expect(late).toMatchObject({ Revenue_Cents: 2_100, Refunded_Cents: 2_100 });
});
