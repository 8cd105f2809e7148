import * as v from "valibot";
import { expect, test } from "vitest";
import { eventSchemaUpTo } from "./event-versions.ts";

const FIRST = { orderId: "o-1", amount: 2 };
const SECOND = { schemaVersion: 2, orderId: "o-1", total: { amount: 2, currency: "EUR" } };

test("who knows the second version reads both, the second as the first with a currency", () => {
  expect(v.parse(eventSchemaUpTo("2"), FIRST)).toEqual(FIRST);
  expect(v.parse(eventSchemaUpTo("2"), SECOND)).toEqual({ ...FIRST, schemaVersion: 2, currency: "EUR" });
});

test("who knows only the first refuses the second, and names the field that it misses", () => {
  const { issues } = v.safeParse(eventSchemaUpTo(), SECOND);
  expect(issues?.map((issue) => v.getDotPath(issue))).toEqual(["amount"]);
  expect(() => eventSchemaUpTo("3")).toThrow("EVENT_SCHEMA_VERSION");
});
