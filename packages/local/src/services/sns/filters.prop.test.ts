import fc from "fast-check";
import { expect, test } from "vitest";
import { fitsPolicy } from "./filter-match.ts";
import { checkFilterPolicy } from "./filter-policy.ts";

type Rules = Record<string, unknown>;

const number = fc.integer({ min: -1_000, max: 1_000 }).map((value) => value / 4);
const scalar = fc.oneof(fc.string({ maxLength: 4 }), number, fc.boolean(), fc.constant(null));
const key = fc.constantFrom("a", "b", "c", "__proto__", "toString");
const fields = fc.dictionary(key, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { noNullPrototype: true });
const text = fc.string({ maxLength: 3 });
const condition = fc.oneof(
  scalar,
  text.map((prefix) => ({ prefix })),
  text.map((suffix) => ({ suffix })),
  text.map((value) => ({ "equals-ignore-case": value })),
  fc.oneof(text, number, fc.array(text, { minLength: 1, maxLength: 2 })).map((value) => ({ "anything-but": value })),
  text.map((prefix) => ({ "anything-but": { prefix } })),
  fc.boolean().map((exists) => ({ exists })),
  fc.tuple(fc.constantFrom("=", "<", "<=", ">", ">="), number).map((numeric) => ({ numeric })),
  fc
    .tuple(number, number)
    .filter(([low, high]) => low < high)
    .map(([low, high]) => ({ numeric: [">=", low, "<", high] })),
);
const conditions = fc.array(condition, { minLength: 1, maxLength: 3 });
const rules = fc.dictionary(key, conditions, { minKeys: 1, maxKeys: 3, noNullPrototype: true });

const fits = (policy: Rules, value: Rules): boolean =>
  fitsPolicy(policy, "MessageBody", { message: JSON.stringify(value) });
/** A policy as the service reads it, with keys such as `__proto__` of its own. */
const policyOf = (entries: readonly (readonly [string, unknown])[]): Rules =>
  JSON.parse(`{${entries.map(([name, rule]) => `${JSON.stringify(name)}:${JSON.stringify(rule)}`).join(",")}}`);

test("every policy of known operators is taken", () => {
  fc.assert(fc.property(rules, (policy) => checkFilterPolicy(JSON.stringify(policy), "MessageAttributes")));
});

test("a policy fits where each of its keys does, and a key where one of its conditions does", () => {
  fc.assert(
    fc.property(rules, fields, (policy, value) => {
      const each = Object.entries(policy).map(([name, list]) =>
        list.some((condition) => fits(policyOf([[name, [condition]]]), value)),
      );
      expect(fits(policy, value)).toBe(each.every(Boolean));
    }),
  );
});

test("alternatives fit where one of them does, and nesting changes nothing", () => {
  fc.assert(
    fc.property(rules, rules, fields, (one, other, value) => {
      expect(fits({ $or: [one, other] }, value)).toBe(fits(one, value) || fits(other, value));
      expect(fits({ in: one }, { in: value })).toBe(fits(one, value));
      expect(fits({ in: one }, { in: [value, 5] })).toBe(fits(one, value));
    }),
  );
});

test("fields that a policy does not name change nothing", () => {
  fc.assert(
    fc.property(rules, fields, fc.jsonValue(), (policy, value, other) => {
      expect(fits(policy, { ...value, unnamed: other })).toBe(fits(policy, value));
    }),
  );
});

test("of one value, anything-but and exists are the opposites of what they name", () => {
  fc.assert(
    fc.property(fc.oneof(text, number), fc.oneof(text, number), (value, other) => {
      const holds = (condition: unknown) => fits({ key: [condition] }, { key: value });
      expect(holds({ "anything-but": other })).toBe(!holds(other));
      expect(holds({ "anything-but": { prefix: String(other) } })).toBe(!holds({ prefix: String(other) }));
      expect(holds({ exists: false })).toBe(!holds({ exists: true }));
    }),
  );
});

test("a value fits the conditions that are made of it", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 10 }), fc.nat(10), number, (value, cut, price) => {
      const holds = (condition: unknown, found: unknown) => fits({ key: [condition] }, { key: found });
      expect(holds(value, value)).toBe(true);
      expect(holds({ prefix: value.slice(0, cut) }, value)).toBe(true);
      expect(holds({ suffix: value.slice(cut) }, value)).toBe(true);
      expect(holds({ "equals-ignore-case": value.toUpperCase() }, value.toLowerCase())).toBe(true);
      expect(holds({ numeric: [">=", price, "<", price + 1] }, price)).toBe(true);
      expect(holds({ numeric: [">", price] }, price)).toBe(false);
    }),
  );
});

test("attributes and a flat body of the same texts and numbers fit the same policies", () => {
  const plain = fc.dictionary(key, fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), number), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(rules, plain, (policy, value) => {
      const entries = Object.entries(value).map(([name, found]) => {
        return [name, { DataType: typeof found === "number" ? "Number" : "String", StringValue: String(found) }];
      });
      const attributes = Object.fromEntries(entries);
      expect(fitsPolicy(policy, "MessageAttributes", { message: "-", attributes })).toBe(fits(policy, value));
    }),
  );
});

test("no body is too strange to be looked at", () => {
  fc.assert(
    fc.property(rules, fc.oneof(fc.string(), fc.json()), (policy, message) => {
      expect(typeof fitsPolicy(policy, "MessageBody", { message })).toBe("boolean");
    }),
  );
});
