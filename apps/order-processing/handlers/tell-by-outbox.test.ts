import { expect, test } from "vitest";
import { TOLD } from "../domain/queues.ts";
import { tellOrders } from "../domain/tell.ts";
import { tellByOutbox } from "./tell-by-outbox.ts";

const tables = Object.fromEntries(TOLD.map((key) => [key, `table-of-${key}`]));

test("what is told goes into the outbox of its queue", () => {
  const { tell } = tellByOutbox(JSON.stringify(tables));
  const put = (priority: boolean) => tell(tellOrders({ orderId: "o-1", priority }, { kind: "stock-kept" }));
  expect(put(false)).toMatchObject({ Put: { TableName: "table-of-orders", Item: { id: { S: "o-1#stock-kept" } } } });
  expect(put(true)).toMatchObject({ Put: { TableName: "table-of-priority_orders" } });
});

test.each([
  ["none at all", "", "orders, priority_orders, payments, inventory, shipping"],
  ["one that lacks a queue", JSON.stringify({ ...tables, payments: undefined }), "payments"],
  ["one that leaves a name empty", JSON.stringify({ ...tables, shipping: "" }), "shipping"],
  ["null", "null", "orders, priority_orders"],
])("a function does not start with %s: the queues without an outbox are named", (_, text, named) => {
  expect(() => tellByOutbox(text)).toThrow(`OUTBOX_TABLES names no outbox table of ${named}`);
});
