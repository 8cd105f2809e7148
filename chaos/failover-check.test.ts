import { expect, test } from "vitest";
import { checkFailover, type EndedOrder, type FailoverHistory } from "./failover-check.ts";

const order = (orderId: string, status = "shipped"): EndedOrder => ({
  orderId,
  status,
  amountCents: 500,
  items: [{ productId: "p-1", quantity: 2 }],
});
const charge = (orderId: string, amountCents = 500) => ({ kind: "charges" as const, orderId, amountCents });

const FINE: FailoverHistory = {
  acknowledged: new Set(["o-1", "o-2", "o-3"]),
  orders: [order("o-1"), order("o-2"), order("o-3", "cancelled")],
  movements: [charge("o-1"), charge("o-2"), charge("o-3"), { ...charge("o-3"), kind: "refunds" }],
  parcels: ["o-1", "o-2"],
  stock: { "p-1": 6 },
  stockAtFirst: { "p-1": 10 },
};

const kinds = (changes: Partial<FailoverHistory>): readonly string[] =>
  checkFailover({ ...FINE, ...changes }).map(({ kind }) => kind);

test("orders that ended, each paid and shipped once or neither, are fine", () => {
  expect(kinds({})).toEqual([]);
});

test("what was acknowledged and has not ended, or has no parcel, is lost", () => {
  expect(kinds({ acknowledged: new Set([...FINE.acknowledged, "o-4"]) })).toEqual(["lost"]);
  expect(kinds({ orders: [...FINE.orders, order("o-4", "paid")], acknowledged: new Set(["o-4"]) })).toContain("lost");
  expect(kinds({ parcels: ["o-1"] })).toEqual(["lost"]);
});

test("a second charge or parcel is a double, and money or stock that does not fit is broken", () => {
  expect(kinds({ movements: [...FINE.movements, charge("o-1")] })).toEqual(["doubled"]);
  expect(kinds({ parcels: [...FINE.parcels, "o-2"] })).toEqual(["doubled"]);
  expect(kinds({ movements: FINE.movements.slice(1) })).toEqual(["broken"]);
  expect(kinds({ movements: [...FINE.movements, charge("o-unknown")] })).toEqual(["broken"]);
  expect(kinds({ stock: { "p-1": 7 } })).toEqual(["broken"]);
});
