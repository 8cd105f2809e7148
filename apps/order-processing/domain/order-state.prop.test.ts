import fc from "fast-check";
import { expect, test } from "vitest";
import { commandsDue, createOrder, nextStep, type OrderEvent, type OrderState } from "./order-state.ts";

const ORDER = {
  orderId: "o-1",
  customerId: "c-1",
  items: [{ productId: "p-1", quantity: 2, unitPrice: 10.5 }],
  totalAmount: 21,
  paymentMethod: "card",
  priority: "normal",
  partial: false,
} as const;

const event: fc.Arbitrary<OrderEvent> = fc.constantFrom<OrderEvent>(
  { kind: "stock-reserved", items: ORDER.items },
  { kind: "stock-rejected", because: "none is left" },
  { kind: "stock-kept" },
  { kind: "stock-expired" },
  { kind: "stock-released" },
  { kind: "payment-captured" },
  { kind: "payment-declined", because: "no money" },
  { kind: "payment-refunded" },
  { kind: "shipped", trackingNumber: "t-1" },
  { kind: "shipment-failed", because: "no such address" },
);

function run(events: readonly OrderEvent[]): { states: OrderState[]; commands: string[] } {
  const { after, commands } = createOrder({ ...ORDER, items: [...ORDER.items] });
  const states = [after];
  const told: string[] = [...commands];
  for (const each of events) {
    const step = nextStep(states.at(-1) as OrderState, each);
    if (!step) continue;
    states.push(step.after);
    told.push(...step.commands);
  }
  return { states, commands: told };
}

test("whatever is told, in whatever order and how often: each command is given once, and nothing is undone that was not done", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      const { states, commands } = run(events);
      expect(new Set(commands).size).toBe(commands.length);
      const last = states.at(-1) as OrderState;
      expect(last.version).toBe(states.length);
      if (commands.includes("release")) expect(states.every(({ stock }) => stock !== "expired")).toBe(true);
      if (last.status === "cancelled") expect(last.owed).toEqual([]);
      if (last.status === "shipped") expect(commands).toEqual(["reserve", "charge", "keep", "ship"]);
    }),
  );
});

test("an event that comes again is no news", () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), (events) => {
      const once = run(events);
      const twice = run(events.flatMap((each) => [each, each]));
      expect(twice).toEqual(once);
    }),
  );
});

test("a shipment that fails gives the money back and the stock free, and only then is the order cancelled", () => {
  const failed: readonly OrderEvent[] = [
    { kind: "stock-reserved", items: ORDER.items },
    { kind: "payment-captured" },
    { kind: "stock-kept" },
    { kind: "shipment-failed", because: "no such address" },
  ];
  expect(run(failed)).toMatchObject({ commands: ["reserve", "charge", "keep", "ship", "release", "refund"] });
  const half = run([...failed, { kind: "payment-refunded" }]);
  expect(half.states.at(-1)).toMatchObject({ status: "compensating", owed: ["stock"] });
  const whole = run([...failed, { kind: "payment-refunded" }, { kind: "stock-released" }]);
  expect(whole.states.at(-1)).toMatchObject({ status: "cancelled", owed: [], because: "no such address" });
});

test("money that came after the reservation had expired goes back, and nothing is shipped", () => {
  const late = run([
    { kind: "stock-reserved", items: ORDER.items },
    { kind: "stock-expired" },
    { kind: "payment-captured" },
    { kind: "payment-refunded" },
  ]);
  expect(late.commands).toEqual(["reserve", "charge", "refund"]);
  expect(late.states.at(-1)).toMatchObject({ status: "cancelled", stock: "expired" });
});

test("what is due for an order as it stands is what it was last told, and nothing once it has ended", () => {
  const ended = ["cancelled", "rejected", "shipped"];
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let { after: order, commands } = createOrder({ ...ORDER, items: [...ORDER.items] });
      for (const each of events) {
        const step = nextStep(order, each);
        if (!step) continue;
        order = step.after;
        if (step.commands.length > 0) commands = step.commands;
      }
      const due = commandsDue(order);
      expect(due.length === 0).toBe(ended.includes(order.status));
      expect(commands).toEqual(expect.arrayContaining([...due]));
    }),
  );
});
