import fc from "fast-check";
import { expect, test } from "vitest";
import { MOST_EVENTS, validate } from "./validate.ts";

test("one event and a list of them are read, with the fields that nobody asked for", () => {
  const event = { orderId: "o-1", amount: 1.5, currency: "EUR" };
  expect(validate(JSON.stringify(event))).toEqual({ kind: "valid", events: [event], isList: false });
  expect(validate(JSON.stringify([event]))).toEqual({ kind: "valid", events: [event], isList: true });
});

test("every field that is wrong is named, with its place in a list", () => {
  const text = '[{"orderId":"a","amount":1},{"amount":-1},{"orderId":7,"amount":1e400},null]';
  const read = validate(text);
  expect(read.kind === "invalid" && read.fields.map(({ field }) => field)).toEqual([
    "[1].orderId",
    "[1].amount",
    "[2].orderId",
    "[2].amount",
    "[3]",
  ]);
});

test("a list over the most events is refused as a whole", () => {
  const events = Array.from({ length: MOST_EVENTS + 1 }, (_, index) => ({ orderId: String(index), amount: 1 }));
  expect(validate(JSON.stringify(events))).toMatchObject({ kind: "invalid", fields: [{ field: "body" }] });
});

test("any text and any JSON is read or refused with a reason, and nothing throws", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json({ maxDepth: 80 }),
    fc.nat(20_000).map((depth) => "[".repeat(depth)),
    fc.json().map((json) => `{"orderId":"a","amount":1,"more":${json}}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const read = validate(text);
      if (read.kind === "valid") expect(read.events.length).toBeGreaterThan(0);
      else for (const { field, reason } of read.fields) expect(field && reason).toBeTruthy();
    }),
  );
});
