import fc from "fast-check";
import { expect, test } from "vitest";
import type { InventoryMessage } from "./messages.ts";
import { changeStock, type Reservation, type Stock } from "./stock.ts";

const PRODUCTS = ["p-1", "p-2"] as const;
const START = 8;

/** An item of a table with replicas: of two writes the later stays. */
interface Replicated<T> {
  readonly value: T;
  readonly stamp: number;
}

interface Region {
  readonly stock: Map<string, Replicated<Stock>>;
  readonly reservations: Map<string, Replicated<Reservation>>;
  /** What its stream has told the inventory service and that is not done yet: of reservations that the other region wrote, and of those that have expired. */
  readonly late: InventoryMessage[];
}

type Write = {
  readonly stock: readonly Stock[];
  readonly reservation: Reservation | undefined;
  readonly stamp: number;
};

function region(): Region {
  const stock = PRODUCTS.map((productId) => ({ productId, version: 1, available: START, lowAt: 0 }));
  return {
    stock: new Map(stock.map((value) => [value.productId, { value, stamp: 0 }])),
    reservations: new Map(),
    late: [],
  };
}

/** Decides on a message and carries the decision out, in one transaction. */
function work(at: Region, message: InventoryMessage, epoch: number, stamp: number): Write {
  const known = new Map([...at.stock].map(([id, { value }]) => [id, value]));
  const reservation = at.reservations.get(message.orderId)?.value;
  const change = changeStock(message, { stock: known, reservation, epoch });
  const write = { stock: change.stock.map(({ after }) => after), reservation: change.reservation, stamp };
  put(at, write);
  return write;
}

/** Whether the reservation of a write stays. */
function put({ stock, reservations }: Region, write: Write): boolean {
  const { stamp, reservation } = write;
  for (const value of write.stock) {
    if ((stock.get(value.productId)?.stamp ?? 0) < stamp) stock.set(value.productId, { value, stamp });
  }
  if (!reservation || (reservations.get(reservation.orderId)?.stamp ?? 0) > stamp) return false;
  reservations.set(reservation.orderId, { value: reservation, stamp });
  return true;
}

/** An order says the same each time. */
const ORDERS: readonly Pick<InventoryMessage, "items" | "orderId" | "partial">[] = [
  { orderId: "o-1", items: [item("p-1", 2)], partial: false },
  { orderId: "o-2", items: [item("p-2", 3)], partial: false },
  { orderId: "o-3", items: [item("p-1", 1), item("p-2", 4)], partial: false },
  { orderId: "o-4", items: [item("p-2", 2), item("p-1", 4)], partial: true },
  { orderId: "o-5", items: [item("p-1", 3), item("p-2", 3)], partial: true },
];

function item(productId: string, quantity: number): InventoryMessage["items"][number] {
  return { productId, quantity, unitPrice: 1 };
}

const message: fc.Arbitrary<InventoryMessage> = fc
  .tuple(
    fc.constantFrom("reserve" as const, "reserve" as const, "keep" as const, "release" as const),
    fc.constantFrom(...ORDERS),
  )
  .map(([kind, order]) => ({ kind, ...order }));

const scenario = fc.record({
  before: fc.array(message, { maxLength: 15 }),
  /** How many of them the second region has heard of before it takes over. */
  heard: fc.nat(15),
  /** What the second region does then, what it hears late, and when it looks at that; each more than once. */
  after: fc.array(
    fc.oneof(message, fc.constant("hear" as const), fc.constantFrom("look" as const, "expire" as const)),
    { maxLength: 40 },
  ),
});

test("what a lost region had taken or put back is in the count of the one that took over, once all of it has been told", () => {
  fc.assert(
    fc.property(scenario, ({ before, heard, after }) => {
      const [first, second] = [region(), region()];
      let stamp = 0;
      const told = before.map((each) => work(first, each, 0, ++stamp));
      for (const write of told.splice(0, heard)) put(second, write);
      const hear = (): void => {
        const [write] = told.splice(0, 1);
        const reservation = write?.reservation;
        if (write && put(second, write) && reservation)
          second.late.push({ ...reservation, kind: "count", partial: false });
      };
      const look = (): void => {
        const [first] = second.late;
        if (first) work(second, first, 1, ++stamp);
        // Now and then it is looked at once more.
        if (stamp % 3 > 0 || first?.kind === "expire") second.late.shift();
      };
      /** The table lets go of a reservation of which no more is to come. */
      const expire = (): void => {
        const open = [...second.reservations.values()].map(({ value }) => value);
        const coming = new Set(told.map(({ reservation }) => reservation?.orderId));
        const gone = open.find(({ state, orderId }) => state === "reserved" && !coming.has(orderId));
        if (!gone) return;
        second.reservations.delete(gone.orderId);
        second.late.push({ ...gone, kind: "expire", partial: false });
        // It is told behind what came before, and is soon done: the next message of the order finds it so.
        while (second.late.length > 0) look();
      };
      for (const each of after) {
        if (each === "hear") hear();
        else if (each === "expire") expire();
        else if (each === "look") look();
        else work(second, each, 1, ++stamp);
      }
      while (told.length > 0) hear();
      while (second.late.length > 0) look();
      for (const productId of PRODUCTS) {
        const taken = [...second.reservations.values()]
          .filter(({ value }) => value.state === "reserved" || value.state === "kept")
          .flatMap(({ value }) => value.items.filter((item) => item.productId === productId))
          .reduce((sum, { quantity }) => sum + quantity, 0);
        expect(START - taken).toBe(second.stock.get(productId)?.value.available);
      }
    }),
    { numRuns: 3_000 },
  );
});
