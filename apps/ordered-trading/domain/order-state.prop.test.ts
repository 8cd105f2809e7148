import fc from "fast-check";
import { expect, test } from "vitest";
import type { Order } from "./order.ts";
import { nextStep, type OrderState, type OrderStatus } from "./order-state.ts";

const ORDERS: fc.Arbitrary<readonly Order[]> = fc.array(
  fc.record({
    orderId: fc.constant("o-1"),
    orderType: fc.constantFrom("BUY" as const, "AMEND" as const, "FILL" as const, "CANCEL" as const),
    amount: fc.integer({ min: 1, max: 5 }),
    symbol: fc.constant("AAPL"),
    timestamp: fc.constant("2026-11-26T10:00:00.000Z"),
  }),
  { maxLength: 25 },
);

/** Where an order can go from where it is, in one step. */
const NEXT: Readonly<Record<OrderStatus | "none", readonly OrderStatus[]>> = {
  none: ["OPEN"],
  OPEN: ["OPEN", "PARTIALLY_FILLED", "FILLED", "CANCELLED"],
  PARTIALLY_FILLED: ["PARTIALLY_FILLED", "FILLED", "CANCELLED"],
  FILLED: [],
  CANCELLED: [],
};

interface Applied {
  readonly state: OrderState | undefined;
  readonly changes: number;
}

function apply({ state, changes }: Applied, order: Order, sequence: number): Applied {
  const place = { messageGroupId: "account-1", sequenceNumber: String(sequence).padStart(20, "0") };
  const step = nextStep(state, order, place);
  if (step.kind !== "changed") return { state, changes };
  const { after } = step;
  expect(NEXT[state?.status ?? "none"]).toContain(after.status);
  expect(after.version).toBe((state?.version ?? 0) + 1);
  expect(after.filledAmount).toBeLessThanOrEqual(after.amount);
  expect(after.filledAmount).toBeGreaterThanOrEqual(state?.filledAmount ?? 0);
  expect(after.status === "FILLED").toBe(after.filledAmount === after.amount);
  return { state: after, changes: changes + 1 };
}

test("whatever is asked of an order, it goes only where it may, is never filled with more than is ordered, and has a version for each change", () => {
  fc.assert(
    fc.property(ORDERS, (orders) => {
      const { state, changes } = orders.reduce<Applied>(apply, { state: undefined, changes: 0 });
      expect(state?.version ?? 0).toBe(changes);
    }),
  );
});

test("messages that are received again, however often and however late, change nothing", () => {
  fc.assert(
    fc.property(ORDERS, fc.array(fc.nat()), (orders, picks) => {
      const once = orders.reduce<Applied>(apply, { state: undefined, changes: 0 });
      const changedBy = Number(once.state?.sequenceNumber ?? -1);
      const again = picks.map((pick) => pick % Math.max(1, orders.length)).filter((index) => index <= changedBy);
      const late = again.reduce((before, index) => apply(before, orders[index] as Order, index), once);
      expect(late).toEqual(once);
    }),
  );
});
