import * as v from "valibot";
import { expect, test } from "vitest";
import { orderSchema, readInstant } from "./order.ts";

const ORDER = { orderId: "o-1", orderType: "BUY", amount: 100.5, symbol: "AAPL", timestamp: "2026-11-26T10:00:00Z" };
const issuesOf = (body: unknown): string =>
  (v.safeParse(orderSchema, body).issues ?? []).map((issue) => v.getDotPath(issue)).join(" ");

test("an order is read with its type in capitals and its time as an instant", () => {
  const body = { ...ORDER, orderType: "sell", timestamp: "2026-11-26T11:00:00+01:00" };
  expect(v.parse(orderSchema, body)).toEqual({ ...ORDER, orderType: "SELL", timestamp: "2026-11-26T10:00:00.000Z" });
});

test.each([
  ["2026-11-26T10:00:00Z", Date.UTC(2026, 10, 26, 10)],
  ["2026-11-26T10:00:00.250Z", Date.UTC(2026, 10, 26, 10, 0, 0, 250)],
  ["2026-11-26T10:00:00", Date.UTC(2026, 10, 26, 10)],
  ["2026-11-26", Date.UTC(2026, 10, 26)],
  [1_795_687_200, 1_795_687_200_000],
  [1_795_687_200_000, 1_795_687_200_000],
  ["2026-13-45T10:00:00Z", undefined],
  [Number.MAX_VALUE, undefined],
])("the time %s is %s", (given, ms) => {
  expect(readInstant(given)).toBe(ms);
});

test.each([
  [{ ...ORDER, orderId: " " }, "orderId"],
  [{ ...ORDER, orderType: "GIVE" }, "orderType"],
  [{ ...ORDER, amount: 0 }, "amount"],
  [{ ...ORDER, amount: "100" }, "amount"],
  [{ ...ORDER, symbol: "aapl" }, "symbol"],
  [{ ...ORDER, timestamp: "soon" }, "timestamp"],
  [{ orderId: "o-1", orderType: "SELL", amount: -50 }, "amount symbol timestamp"],
])("%j is no order, and the fields that are wrong are named", (body, fields) => {
  expect(issuesOf(body)).toBe(fields);
});
