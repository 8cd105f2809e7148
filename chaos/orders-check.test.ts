import { expect, test } from "vitest";
import { checkOrders } from "./orders-check.ts";
import { effectOf, expectedEffects, type OrderEffect } from "./orders-history.ts";

const order = (key: string, changes: Partial<OrderEffect> = {}) => ({ key, amount: 5, symbol: "AAPL", ...changes });
const EXPECTED = new Map([["g", [order("1"), order("2"), order("3")]]]);
const kinds = (...effects: readonly OrderEffect[]): string[] =>
  checkOrders(EXPECTED, new Map([["g", effects]])).map(({ kind }) => kind);

test("the effects of a run without faults are fine, and every difference is named", () => {
  expect(kinds(order("1"), order("2"), order("3"))).toEqual([]);
  expect(kinds(order("1"), order("3"))).toEqual(["lost"]);
  expect(kinds(order("1"), order("2", { amount: -5 }), order("3"))).toEqual(["lost"]);
  expect(kinds(order("1"), order("2"), order("2"), order("3"))).toEqual(["doubled"]);
  expect(kinds(order("1"), order("3"), order("2"))).toEqual(["outOfOrder"]);
  expect(kinds(order("1"), order("2"), order("3"), order("garbage"))).toEqual(["doubled"]);
});

test("a run without faults repairs what can be, and leaves out what can never be an order", () => {
  const sent = [
    { ...order("1", { amount: -5 }), group: "g", fault: "negative" as const },
    { ...order("2", { symbol: "aapl" }), group: "g", fault: "lower-case" as const },
    { ...order("4"), group: "g", fault: "garbage" as const },
    { ...order("3"), group: "g" },
  ];
  expect(expectedEffects(sent)).toEqual(EXPECTED);
  expect(effectOf(order("1", { amount: -5, symbol: "aapl" }))).toEqual(order("1"));
});
