import type { InventoryMessage } from "./messages.ts";
import type { Item } from "./order.ts";
import type { OrderEvent } from "./order-state.ts";

/** What there is of a product; never below zero. */
export interface Stock {
  readonly productId: string;
  /** Grows by one with each change. */
  readonly version: number;
  readonly available: number;
  /** At or below this it is low. */
  readonly lowAt: number;
}

/** What is set aside for an order. */
export interface Reservation {
  readonly orderId: string;
  /** `reserved` until it expires; `kept` for good; `released` and `expired`: its stock has gone back. */
  readonly state: "expired" | "kept" | "released" | "reserved";
  readonly items: readonly Item[];
}

/** What the inventory service knows as it decides. */
export interface Inventory {
  readonly stock: ReadonlyMap<string, Stock>;
  readonly reservation: Reservation | undefined;
}

/** What it decides: new stocks with the versions they are made of, the reservation, and what the order service is told. */
export interface StockChange {
  readonly stock: readonly { readonly before: Stock; readonly after: Stock }[];
  readonly reservation?: Reservation;
  readonly event?: OrderEvent;
}

const NOTHING: StockChange = { stock: [] };

/** Decides on a message of the inventory queue; a repeat is answered as the first, and changes nothing. */
export function changeStock(message: InventoryMessage, inventory: Inventory): StockChange {
  const { reservation } = inventory;
  switch (message.kind) {
    case "reserve":
      return reserve(message, inventory);
    case "keep":
      if (reservation?.state === "reserved") {
        return { stock: [], reservation: { ...reservation, state: "kept" }, event: { kind: "stock-kept" } };
      }
      return { stock: [], event: { kind: reservation?.state === "kept" ? "stock-kept" : "stock-expired" } };
    case "release":
      if (reservation?.state !== "reserved" && reservation?.state !== "kept") return told({ kind: "stock-released" });
      return giveBack(reservation, "released", inventory, { kind: "stock-released" });
    case "expire":
      // The table has let go of the reservation: whoever is first writes down that its stock has gone back.
      if (reservation) return NOTHING;
      return giveBack({ ...message, state: "reserved" }, "expired", inventory, { kind: "stock-expired" });
  }
}

function reserve({ orderId, items, partial }: InventoryMessage, { stock, reservation }: Inventory): StockChange {
  if (reservation?.state === "reserved") return told({ kind: "stock-reserved", items: reservation.items });
  if (reservation) return NOTHING;
  const inStock = items.flatMap((item) => {
    const quantity = Math.min(item.quantity, stock.get(item.productId)?.available ?? 0);
    return quantity > 0 ? [{ ...item, quantity }] : [];
  });
  const missing = items.filter(
    ({ productId, quantity }) => !inStock.some((each) => each.productId === productId && each.quantity === quantity),
  );
  if (inStock.length === 0 || (missing.length > 0 && !partial)) {
    const because = `there is not enough of ${missing.map(({ productId }) => productId).join(", ")}`;
    return told({ kind: "stock-rejected", because });
  }
  return {
    stock: move(inStock, -1, stock),
    reservation: { orderId, state: "reserved", items: inStock },
    event: { kind: "stock-reserved", items: inStock },
  };
}

function giveBack(
  { orderId, items }: Reservation,
  state: "expired" | "released",
  { stock }: Inventory,
  event: OrderEvent,
): StockChange {
  return { stock: move(items, 1, stock), reservation: { orderId, state, items }, event };
}

function move(items: readonly Item[], sign: -1 | 1, stock: Inventory["stock"]): StockChange["stock"] {
  return items.flatMap(({ productId, quantity }) => {
    const before = stock.get(productId);
    if (!before) return [];
    return [
      { before, after: { ...before, version: before.version + 1, available: before.available + sign * quantity } },
    ];
  });
}

function told(event: OrderEvent): StockChange {
  return { stock: [], event };
}
