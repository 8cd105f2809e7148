import { expect, test } from "vitest";
import { ownVariables } from "./environment.ts";

test("a variable that is set is given", () => {
  const need = ownVariables<"ORDER_TABLE">("The stack of orders", { ORDER_TABLE: "orders" });
  expect(need("ORDER_TABLE")).toBe("orders");
});

test.each([
  [undefined, "is not set"],
  ["", 'is ""'],
])("a variable that is %j is refused by its name, with who sets it", (ORDER_TABLE, is) => {
  const need = ownVariables<"ORDER_TABLE">("The stack of orders", { ORDER_TABLE });
  const message = `The environment variable ORDER_TABLE ${is}; it takes a text. The stack of orders sets it.`;
  expect(() => need("ORDER_TABLE")).toThrow(expect.objectContaining({ code: "environment", message }));
});
