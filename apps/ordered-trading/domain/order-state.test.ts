import { describe, expect, test } from "vitest";
import type { Order } from "./order.ts";
import { nextStep, type OrderState } from "./order-state.ts";

let sequence = 0;
const place = (): { messageGroupId: string; sequenceNumber: string } => ({
  messageGroupId: "account-1",
  sequenceNumber: String(++sequence).padStart(20, "0"),
});

function order(orderType: Order["orderType"], amount = 100): Order {
  return { orderId: "o-1", orderType, amount, symbol: "AAPL", timestamp: "2026-11-26T10:00:00.000Z" };
}

/** The state after messages that each change something. */
function after(...orders: readonly Order[]): OrderState {
  return orders.reduce<OrderState | undefined>((before, each) => {
    const step = nextStep(before, each, place());
    if (step.kind !== "changed") throw new Error(`${each.orderType}: ${JSON.stringify(step)}`);
    return step.after;
  }, undefined) as OrderState;
}

describe("an order", () => {
  test("is placed, amended, partly filled and filled", () => {
    expect(after(order("BUY"))).toMatchObject({ status: "OPEN", amount: 100, filledAmount: 0, version: 1 });
    const partly = after(order("BUY"), order("AMEND", 80), order("FILL", 30));
    expect(partly).toMatchObject({ status: "PARTIALLY_FILLED", amount: 80, placedAmount: 100, filledAmount: 30 });
    const filled = after(order("BUY"), order("FILL", 30), order("FILL", 100));
    expect(filled).toMatchObject({ status: "FILLED", filledAmount: 100, version: 3 });
  });

  test("that is amended down to what is filled is filled", () => {
    expect(after(order("BUY"), order("FILL", 30), order("AMEND", 30)).status).toBe("FILLED");
  });

  test.each([
    ["placed", [order("SELL")], order("SELL")],
    ["amended", [order("BUY"), order("AMEND", 80)], order("AMEND", 80)],
    ["filled", [order("BUY"), order("FILL", 30)], order("FILL", 30)],
    ["filled with less than it is", [order("BUY"), order("FILL", 30)], order("FILL", 20)],
    ["cancelled", [order("BUY"), order("CANCEL")], order("CANCEL")],
    ["filled to the end", [order("BUY"), order("FILL", 100)], order("FILL", 100)],
  ])("that a client has %s twice is so once", (_, before, again) => {
    expect(nextStep(after(...before), again, place())).toEqual({ kind: "repeated" });
  });

  test.each([
    [[], order("FILL"), "there is no order o-1 to FILL"],
    [[order("BUY")], order("BUY", 7), "another order o-1 was placed before"],
    [[order("BUY")], order("SELL"), "another order o-1 was placed before"],
    [[order("BUY")], order("FILL", 101), "100 is ordered, so it cannot be filled with 101"],
    [[order("BUY"), order("FILL", 30)], order("AMEND", 20), "30 of it is filled, so it cannot be amended to 20"],
    [[order("BUY"), order("CANCEL")], order("FILL", 1), "the order o-1 is CANCELLED: it cannot be filled"],
    [[order("BUY"), order("CANCEL")], order("AMEND", 1), "it cannot be amended"],
    [[order("BUY"), order("FILL", 100)], order("CANCEL"), "the order o-1 is FILLED: it cannot be cancelled"],
    [[order("BUY")], { ...order("FILL"), symbol: "MSFT" }, "the order o-1 is for AAPL, not MSFT"],
  ])("refuses a step that it does not allow, and says why", (before, next, because) => {
    const state = before.length === 0 ? undefined : after(...before);
    expect(nextStep(state, next, place())).toEqual({ kind: "refused", because: expect.stringContaining(because) });
  });

  test("keeps to its group", () => {
    const elsewhere = { ...place(), messageGroupId: "account-2" };
    const step = nextStep(after(order("BUY")), order("CANCEL"), elsewhere);
    expect(step).toMatchObject({ kind: "refused", because: "the order o-1 is in the group account-1, not account-2" });
  });

  test("does not refuse what it has done: a fill that is received again after the cancellation is a repeat", () => {
    const before = after(order("BUY"));
    const filled = place();
    expect(nextStep(before, order("FILL", 30), filled)).toMatchObject({ kind: "changed" });
    const cancelled = after(order("BUY"), order("CANCEL"));
    expect(nextStep(cancelled, order("FILL", 30), filled)).toEqual({ kind: "repeated" });
  });
});
