import { expect, test } from "vitest";
import { fitsPolicy } from "./filter-match.ts";
import { checkFilterPolicy } from "./filter-policy.ts";

const body = (policy: object, value: unknown): boolean =>
  fitsPolicy(policy as Record<string, unknown>, "MessageBody", { message: JSON.stringify(value) });
const attribute = (policy: object, DataType: string, StringValue: string): boolean =>
  fitsPolicy(policy as Record<string, unknown>, "MessageAttributes", {
    message: "",
    attributes: { key: { DataType, StringValue } },
  });

// Developer guide, "String value matching", "Numeric value matching", "Key matching", "IP address matching".
const CONDITIONS: readonly [unknown[], unknown[], unknown[]][] = [
  [
    ["rugby", "tennis"],
    ["rugby", "tennis"],
    ["baseball", "Rugby", 1],
  ],
  [[{ "anything-but": ["rugby", "tennis"] }], ["baseball", ["rugby", "baseball"], 1], ["rugby", ["rugby"], undefined]],
  [[{ "anything-but": { prefix: "order-" } }], ["data-entry"], ["order-number"]],
  [[{ "anything-but": { suffix: ["ball", "by"] } }], ["tennis"], ["baseball", "rugby"]],
  [
    [{ "anything-but": [100, 500] }, { exists: false }],
    [101, undefined, "100"],
    [100, 500],
  ],
  [[{ "equals-ignore-case": "tennis" }], ["TENNIS", "Tennis"], ["football"]],
  [[{ prefix: "bas" }], ["baseball", ["-", "basket"]], ["rugby", 5]],
  [[{ suffix: "ball" }], ["baseball", "ball"], ["rugby"]],
  [[{ cidr: "10.0.0.0/24" }], ["10.0.0.0", "10.0.0.255"], ["10.1.1.0", "::1", "ten"]],
  [[{ cidr: "2001:db8::/32" }], ["2001:db8::1"], ["2001:db9::1", "10.0.0.1"]],
  [[{ numeric: ["=", 301.5] }], [301.5, 3.015e2], [-301.5, "301.5"]],
  [[{ numeric: [">", 0, "<=", 150] }], [0.1, 150], [0, 150.1, "1"]],
  [
    [{ numeric: ["<", 5] }, { numeric: [">=", 10] }],
    [4, 10, [7, 12]],
    [5, 9.9, [7]],
  ],
  [
    [100, true, null],
    [100, true, null, [null]],
    ["100", "true", false, "null"],
  ],
  [[{ exists: true }], ["", 0, null, false], [undefined]],
  [[{ exists: false }], [undefined], ["", null]],
];

test.each(CONDITIONS)("the conditions %j take %j, and not %j", (conditions, fitting, others) => {
  for (const value of fitting) expect(body({ key: conditions }, { key: value }), JSON.stringify(value)).toBe(true);
  for (const value of others) expect(body({ key: conditions }, { key: value }), JSON.stringify(value)).toBe(false);
});

// Developer guide, "Filter policy constraints": String, String.Array and Number are compared; Binary is ignored.
test("attributes are compared by their types", () => {
  expect(attribute({ key: ["100"] }, "String", "100")).toBe(true);
  expect(attribute({ key: [100] }, "String", "100")).toBe(false);
  expect(attribute({ key: [100] }, "Number", "1e2")).toBe(true);
  expect(attribute({ key: [true] }, "String.Array", '["a", true, 5]')).toBe(true);
  expect(attribute({ key: ["a"] }, "String.Array", "not an array")).toBe(false);
  expect(attribute({ key: [{ exists: true }] }, "Binary", "-")).toBe(false);
});

// Developer guide, "AND/OR logic".
test("all keys must fit, any of their values does, and $or takes alternatives", () => {
  const policy = { source: ["cart"], $or: [{ price: [{ numeric: [">", 100] }] }, { vip: [true], country: ["de"] }] };
  expect(body(policy, { source: "cart", price: 101 })).toBe(true);
  expect(body(policy, { source: "cart", vip: true, country: "de" })).toBe(true);
  expect(body(policy, { source: "cart", vip: true })).toBe(false);
  expect(body(policy, { source: "other", price: 101 })).toBe(false);
  expect(body({}, {})).toBe(true);
});

// Developer guide, "Payload-based message filtering".
test("nested rules look into objects and lists of objects; a body that is not a JSON object fits nothing", () => {
  const policy = { order: { items: { sku: [{ prefix: "A" }], count: [1] } } };
  expect(body(policy, { order: { items: { sku: "A1", count: 1 } } })).toBe(true);
  expect(
    body(policy, {
      order: {
        items: [
          { sku: "B", count: 1 },
          { sku: "A", count: 1 },
        ],
      },
    }),
  ).toBe(true);
  expect(
    body(policy, {
      order: {
        items: [
          { sku: "A", count: 2 },
          { sku: "B", count: 1 },
        ],
      },
    }),
  ).toBe(false);
  expect(body(policy, { order: "A" })).toBe(false);
  expect(body({ order: { items: [{ exists: false }] } }, {})).toBe(true);
  for (const message of ["text", "5", "null", "[]"]) {
    expect(fitsPolicy({ a: [{ exists: false }] }, "MessageBody", { message })).toBe(false);
  }
  expect(body({ __proto__x: ["a"], toString: [{ exists: true }] }, {})).toBe(false);
});

// Developer guide, "Filter policy constraints".
test.each([
  ["not an object", "[]"],
  ["JSON", "{"],
  ["must be an object or an array", '{"a":"b"}'],
  ["Empty arrays", '{"a":[]}'],
  ["Match value", '{"a":[["b"]]}'],
  ["Only one key", '{"a":[{"prefix":"b","suffix":"c"}]}'],
  ["Unrecognized", '{"a":[{"wildcard":"b*"}]}'],
  ["Unrecognized", '{"a":[{"numeric":["<",5,">",1]}]}'],
  ["Unrecognized", '{"a":[{"numeric":["=","5"]}]}'],
  ["Unrecognized", '{"a":[{"cidr":"10.0.0.0/33"}]}'],
  ["Unrecognized", '{"a":[{"anything-but":[]}]}'],
  ["Unrecognized", '{"a":[{"exists":"yes"}]}'],
  ["more than 5 keys", '{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}'],
  ["too complex", JSON.stringify({ a: Array(13).fill("a"), b: Array(12).fill("b") })],
  ["nested", '{"a":{"b":["c"]}}'],
  ["$or", '{"$or":[{"a":[1]}]}'],
])("a policy is refused: %s", (reason, text) => {
  const message = expect.stringContaining(reason === "not an object" ? "must be a JSON object" : reason);
  expect(() => checkFilterPolicy(text, "MessageAttributes")).toThrow(
    expect.objectContaining({ code: "InvalidParameter", message }),
  );
});

test("nested keys are taken for bodies, and their depth counts", () => {
  const policy = (values: number) => JSON.stringify({ a: { b: { c: Array(values).fill("x") } }, d: { e: [1, 2, 3] } });
  expect(() => checkFilterPolicy(policy(8), "MessageBody")).not.toThrow();
  expect(() => checkFilterPolicy(policy(9), "MessageBody")).toThrow("too complex");
});
