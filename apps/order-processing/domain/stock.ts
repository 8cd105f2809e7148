import type { InventoryMessage } from "./messages.ts";
import type { Item } from "./order.ts";
import type { OrderEvent } from "./order-state.ts";

/** What there is of a product; never below zero, but for what two regions have sold while one could not tell the other. */
export interface Stock {
  readonly productId: string;
  /** Grows by one with each change. */
  readonly version: number;
  readonly available: number;
  /** At or below this it is low. */
  readonly lowAt: number;
  /** How many takeovers there had been when it was last changed. @default 0 */
  readonly epoch?: number;
  /** The versions on which the first change after a takeover was made, by the epoch that they were of. @default none */
  readonly bases?: Readonly<Record<string, number>>;
  /** Movements of a lost region that were counted when it could tell of them. @default none */
  readonly late?: readonly string[];
}

/** A count of a product: how many takeovers there had been, and its version. */
interface Count {
  readonly epoch: number;
  readonly version: number;
}

/** The first count that a movement is in, by product. */
export type Counted = Readonly<Record<string, Count>>;

/** What is set aside for an order. */
export interface Reservation {
  readonly orderId: string;
  /** `reserved` until it expires; `kept` for good; `released` and `expired`: its stock has gone back. */
  readonly state: "expired" | "kept" | "released" | "reserved";
  readonly items: readonly Item[];
  /** Where its stock was taken from the shelf, and put back. */
  readonly taken?: Counted;
  readonly returned?: Counted;
}

/** What the inventory service knows as it decides. */
export interface Inventory {
  readonly stock: ReadonlyMap<string, Stock>;
  readonly reservation: Reservation | undefined;
  /** How many takeovers there have been. @default 0 */
  readonly epoch?: number;
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
  const change = decide(message, inventory);
  return change.reservation ? { ...change, stock: [...change.stock, ...renewed(inventory, change.stock)] } : change;
}

/**
 * After a takeover, counts of an order's products are written with the first reservation that is: what a lost region had done with that reservation then stays out of
 * the counts as it stays out of the reservation, since of two writes the later stays.
 */
function renewed({ stock, epoch = 0 }: Inventory, changed: StockChange["stock"]): StockChange["stock"] {
  const old = [...stock.values()].filter(
    (each) => (each.epoch ?? 0) < epoch && !changed.some(({ before }) => before.productId === each.productId),
  );
  return old.map((before) => ({ before, after: after(before, 0, epoch) }));
}

function decide(message: InventoryMessage, inventory: Inventory): StockChange {
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
    case "count":
      return countLate(message, inventory);
    case "expire":
      // The table has let go of the reservation: whoever is first writes down that its stock has gone back.
      if (reservation) return NOTHING;
      return giveBack({ orderId: message.orderId, items: message.items, state: "reserved" }, "expired", inventory, {
        kind: "stock-expired",
      });
  }
}

function reserve({ orderId, items, partial }: InventoryMessage, inventory: Inventory): StockChange {
  const { stock, reservation } = inventory;
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
  const { moved, counted } = move(inStock, -1, inventory);
  return {
    stock: moved,
    reservation: { orderId, state: "reserved", items: inStock, taken: counted },
    event: { kind: "stock-reserved", items: inStock },
  };
}

function giveBack(
  reservation: Reservation,
  state: "expired" | "released",
  inventory: Inventory,
  event: OrderEvent,
): StockChange {
  const { moved, counted } = move(reservation.items, 1, inventory);
  const { orderId, items, taken } = reservation;
  return { stock: moved, reservation: { orderId, state, items, ...(taken && { taken }), returned: counted }, event };
}

/**
 * Counts what another region had taken from the shelves or put back before it was lost, and could tell only later: of two counts of a product the later stays, and that
 * was made without these. The product itself says what was counted late; the reservation is not written, since more of it may come. What has been sold twice meanwhile leaves
 * a count below zero: as much is owed.
 */
function countLate(
  { orderId, items, taken, returned }: InventoryMessage,
  { stock, epoch = 0 }: Inventory,
): StockChange {
  const changes = items.flatMap(({ productId, quantity }) => {
    const before = stock.get(productId);
    if (!before) return [];
    const { late = [] } = before;
    const isLate = (first: Counted | undefined, mark: string): boolean => {
      const count = first?.[productId];
      return count !== undefined && !isIn(before, count) && !late.includes(mark);
    };
    const marks = [`${orderId} taken`, `${orderId} returned`] as const;
    const [isTaken, isReturned] = [isLate(taken, marks[0]), isLate(returned, marks[1])];
    const found = [...(isTaken ? [marks[0]] : []), ...(isReturned ? [marks[1]] : [])];
    if (found.length === 0) return [];
    const changed = after(before, quantity * (Number(isReturned) - Number(isTaken)), epoch);
    return [{ before, after: { ...changed, late: [...late, ...found] } }];
  });
  return { stock: changes };
}

/** Whether a stock is made of a count. */
function isIn({ epoch = 0, version, bases = {} }: Stock, count: Count): boolean {
  return (count.epoch === epoch ? version : (bases[count.epoch] ?? 0)) >= count.version;
}

function move(
  items: readonly Item[],
  sign: -1 | 1,
  { stock, epoch = 0 }: Inventory,
): { readonly moved: StockChange["stock"]; readonly counted: Counted } {
  const moved = items.flatMap(({ productId, quantity }) => {
    const before = stock.get(productId);
    if (!before) return [];
    return [{ before, after: after(before, sign * quantity, epoch) }];
  });
  const counted = moved.map(({ after: { productId, version } }) => [productId, { epoch, version }]);
  return { moved, counted: Object.fromEntries(counted) };
}

function after(before: Stock, more: number, epoch: number): Stock {
  const next = { ...before, version: before.version + 1, available: before.available + more };
  if (epoch === (before.epoch ?? 0)) return next;
  return { ...next, epoch, bases: { ...before.bases, [before.epoch ?? 0]: before.version } };
}

function told(event: OrderEvent): StockChange {
  return { stock: [], event };
}
