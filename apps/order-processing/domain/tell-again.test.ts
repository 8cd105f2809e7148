import { expect, test } from "vitest";
import type { OrderState } from "./order-state.ts";
import { changeStock, type Reservation, type Stock } from "./stock.ts";
import { tellAgain } from "./tell-again.ts";

const items = [{ productId: "p-1", quantity: 2, unitPrice: 10.5 }];
const order: OrderState = {
  orderId: "o-1",
  version: 1,
  status: "created",
  customerId: "c-1",
  paymentMethod: "card",
  items,
  amountCents: 2_100,
  partial: false,
  ordered: "x",
  owed: [],
};
const reservation: Reservation = { orderId: "o-1", state: "reserved", items };

const ids = (state: Partial<OrderState>, of: Reservation | undefined = reservation) =>
  tellAgain({ ...order, ...state }, of).map(({ to, id }) => `${to} ${id}`);

test("an order goes on from where it stands", () => {
  expect(ids({}, undefined)).toEqual(["inventory o-1#reserve"]);
  expect(ids({ status: "reserved" })).toEqual(["payments o-1#charge"]);
  expect(ids({ status: "paid" })).toEqual(["inventory o-1#keep"]);
  expect(ids({ status: "paid", stock: "kept" })).toEqual(["shipping o-1#ship"]);
  expect(ids({ status: "compensating", owed: ["stock", "money"] })).toEqual([
    "inventory o-1#release",
    "payments o-1#refund",
  ]);
  expect(ids({ status: "shipped", stock: "kept" })).toEqual([]);
});

test("a reservation that went while no region listened gives its stock back, once", () => {
  const [told] = tellAgain({ ...order, status: "reserved" }, undefined);
  const message = JSON.parse(told?.message.body ?? "");
  const shelf: Stock = { productId: "p-1", version: 4, available: 3, lowAt: 1 };
  const stock = new Map([["p-1", shelf]]);
  const first = changeStock(message, { stock, reservation: undefined });
  expect(first.stock).toEqual([{ before: shelf, after: { ...shelf, version: 5, available: 5 } }]);
  expect(changeStock(message, { stock, reservation: first.reservation })).toEqual({ stock: [] });
});
