import fc from "fast-check";
import { expect, test } from "vitest";
import { fingerprint, normaliseMessage } from "./fingerprint.ts";

const print = (message: string, stack = ""): string => fingerprint("Error", message, stack);

const STACK = `Error: boom
    at new Order (/app/index.mjs:10:5)
    at Object.priceOf (/app/index.mjs:20:5)
    at /app/index.mjs:30:5
    at async callHandler (/app/index.mjs:99:5)
    at async attempt (/app/index.mjs:88:5)`;

const id = fc.oneof(
  fc.uuid(),
  fc.nat().map(String),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 16, maxLength: 40 }).map((hex) => `${hex}0`),
  fc
    .string({ unit: fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"), minLength: 25, maxLength: 25 })
    .map((ulid) => `0${ulid}`),
  fc.string({ unit: fc.constantFrom(..."abcXYZ 019.-_") }).map((text) => JSON.stringify(text)),
  fc.string({ unit: fc.constantFrom(..."abcXYZ 019.-_") }).map((text) => `'${text}'`),
  fc.ipV4(),
);

test("the same problem with other ids, numbers or quoted values has the same fingerprint", () => {
  fc.assert(
    fc.property(id, id, (first, second) => {
      const say = (value: string): string => `order ${value} (customer ${value}) can't be priced: ${value}.`;
      expect(normaliseMessage(say(first)).replaceAll("<text>", "<value>")).toBe(
        normaliseMessage(say(second)).replaceAll("<text>", "<value>"),
      );
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['{"id":"a","note":"b \\"c\\" d"}', '{"id":"x","note":"y"}'],
  ["can't find 'bob' in the store's list", "can't find 'eve' in the store's list"],
  ["took 1.5 s at 2026-01-31T23:59:59.123Z", "took 17 s at 2025-11-02T03:04:05.6Z"],
  ["amount -5 is below 0", "amount 12 is below 0"],
  ["balance is 1e+21", "balance is 3.5e-7"],
  ["pointer 0xff", "pointer 0xdeadbeef"],
  ["items.0.price (is missing)", "items.17.price (is missing)"],
])("%j is the same problem as %j", (one, other) => {
  expect(print(one)).toBe(print(other));
});

test.each([
  ["storeId: is missing", "customerId: is missing"],
  ['{"storeId":5}', '{"customerId":5}'],
  ["table orders2 not found", "table orders not found at all"],
  ["boom", "bang"],
])("%j is another problem than %j", (one, other) => {
  expect(print(one)).not.toBe(print(other));
});

test("two messages of different words never share a fingerprint", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(..."abcdefghij"), minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(words, words, (one, other) => {
      fc.pre(one.join(" ") !== other.join(" "));
      expect(print(one.join(" "))).not.toBe(print(other.join(" ")));
    }),
  );
});

test("another error name or another place is another problem", () => {
  expect(fingerprint("TypeError", "boom", STACK)).not.toBe(fingerprint("Error", "boom", STACK));
  expect(print("boom", STACK)).not.toBe(print("boom", STACK.replace("priceOf", "taxOf")));
  expect(print("boom", STACK)).not.toBe(print("boom", STACK.replace("new Order", "new Invoice")));
});

test("line numbers, columns and folders of a place don't count", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.constantFrom("/app", "/var/task", "C:\\app (old)"), (line, column, folder) => {
      const moved = STACK.replaceAll(/:\d+:\d+/g, `:${line}:${column}`).replaceAll("/app", folder);
      expect(print("boom", moved)).toBe(print("boom", STACK));
    }),
  );
});

test.each([
  ["of Reliq", "    at async attempt (/app/index.mjs:88:5)", "    at async somethingNew (/app/index.mjs:1:1)"],
  ["of node_modules", "    at new Order", "    at pick (/app/node_modules/lib/x.js:1:1)\n    at new Order"],
  ["of Node", "    at new Order", "    at process.x (node:internal/timers:1:1)\n    at new Order"],
  ["of the engine", "    at new Order", "    at JSON.parse (<anonymous>)\n    at Array.map (native)\n    at new Order"],
  ["between promises", "    at new Order", "    at async Promise.all (index 3)\n    at new Order"],
])("frames %s don't count", (_, frame, replacement) => {
  expect(STACK).toContain(frame);
  expect(print("boom", STACK.replace(frame, replacement))).toBe(print("boom", STACK));
});

test("an application's own function may have a name that Reliq uses", () => {
  const own = STACK.replace("Object.priceOf", "parseMessage");
  expect(print("boom", own)).not.toBe(print("boom", own.replace("new Order", "new Invoice")));
});

test("complaint 18: the fingerprint of a problem stays what it is: groups are kept by it", () => {
  expect(fingerprint("ValidationFailure", "storeId: is missing", STACK)).toMatchInlineSnapshot(`"1:c6ff162545882cd4"`);
});
