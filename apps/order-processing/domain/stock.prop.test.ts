import fc from "fast-check";
import { expect, test } from "vitest";
import type { InventoryMessage } from "./messages.ts";
import { changeStock, type Inventory, type Reservation, type Stock } from "./stock.ts";

const PRODUCTS = ["p-1", "p-2", "p-3"] as const;
const START = 10;

interface Shelf {
  readonly stock: Map<string, Stock>;
  readonly reservations: Map<string, Reservation>;
}

const message: fc.Arbitrary<InventoryMessage> = fc.record({
  kind: fc.constantFrom("reserve", "reserve", "keep", "release", "expire"),
  orderId: fc.constantFrom("o-1", "o-2", "o-3", "o-4"),
  items: fc.uniqueArray(
    fc.record({
      productId: fc.constantFrom(...PRODUCTS),
      quantity: fc.integer({ min: 1, max: 6 }),
      unitPrice: fc.constant(1),
    }),
    { minLength: 1, selector: ({ productId }) => productId },
  ),
  partial: fc.boolean(),
});

/** Carries a decision out, as a transaction does; a reservation expires by leaving the table. */
function carryOut(shelf: Shelf, given: InventoryMessage): void {
  const found = shelf.reservations.get(given.orderId);
  const expires = given.kind === "expire" && found?.state === "reserved";
  if (given.kind === "expire" && !expires) return;
  if (expires) shelf.reservations.delete(given.orderId);
  const inventory: Inventory = { stock: shelf.stock, reservation: expires ? undefined : found };
  const { stock, reservation } = changeStock(
    expires ? { ...given, items: [...(found?.items ?? [])] } : given,
    inventory,
  );
  for (const { after } of stock) shelf.stock.set(after.productId, after);
  if (reservation) shelf.reservations.set(reservation.orderId, reservation);
}

test("no stock is negative, none is lost and none is made: what is not on the shelf is reserved or kept", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const stock = PRODUCTS.map((productId) => ({ productId, version: 1, available: START, lowAt: 2 }));
      const shelf: Shelf = { stock: new Map(stock.map((each) => [each.productId, each])), reservations: new Map() };
      for (const each of messages) {
        carryOut(shelf, each);
        for (const productId of PRODUCTS) {
          const { available = Number.NaN } = shelf.stock.get(productId) ?? {};
          const taken = [...shelf.reservations.values()]
            .filter(({ state }) => state === "reserved" || state === "kept")
            .flatMap(({ items }) => items.filter((item) => item.productId === productId))
            .reduce((sum, { quantity }) => sum + quantity, 0);
          expect(available).toBeGreaterThanOrEqual(0);
          expect(available + taken).toBe(START);
        }
      }
    }),
  );
});

const item = (quantity: number) => ({ productId: "p-1", quantity, unitPrice: 1 });
const shelf = (available: number): Inventory["stock"] =>
  new Map([["p-1", { productId: "p-1", version: 7, available, lowAt: 2 }]]);
const reserve = (quantity: number, partial: boolean): InventoryMessage => ({
  kind: "reserve",
  orderId: "o-1",
  items: [item(quantity)],
  partial,
});

test("all of an order is reserved or nothing, unless it says that a part will do", () => {
  const inventory = { stock: shelf(3), reservation: undefined };
  const all = changeStock(reserve(4, false), inventory);
  expect(all).toEqual({ stock: [], event: { kind: "stock-rejected", because: "there is not enough of p-1" } });
  const part = changeStock(reserve(4, true), inventory);
  expect(part.event).toEqual({ kind: "stock-reserved", items: [item(3)] });
  expect(part.stock[0]?.after).toMatchObject({ available: 0, version: 8 });
});
