import { expect, test } from "vitest";
import { readEventPattern } from "./event-pattern.ts";
import { fitsRules } from "./match.ts";

const fits = (pattern: object, event: object): boolean =>
  fitsRules(readEventPattern(JSON.stringify(pattern)), { ...event });

// EventBridge user guide, "Comparison operators for use in event patterns": what each row says fits and does not fit.
test.each<[string, object, object[], object[]]>([
  ["an exact text", { city: ["Rome"] }, [{ city: "Rome" }, { city: ["Bari", "Rome"] }], [{ city: "rome" }, {}]],
  ["an exact number", { n: [300] }, [{ n: 300 }], [{ n: "300" }, { n: 301 }]],
  ["a boolean", { paid: [true] }, [{ paid: true }], [{ paid: "true" }, { paid: false }]],
  ["null", { user: [null] }, [{ user: null }], [{ user: "" }, { user: "null" }, {}]],
  ["the empty text", { name: [""] }, [{ name: "" }], [{ name: null }, {}]],
  ["one of several", { n: ["a", "b"] }, [{ n: "a" }, { n: "b" }], [{ n: "c" }]],
  ["all fields", { a: ["1"], b: ["2"] }, [{ a: "1", b: "2", c: "3" }], [{ a: "1" }, { a: "1", b: "3" }]],
  ["a nested field", { d: { s: ["on"] } }, [{ d: { s: "on" } }, { d: [{ s: "off" }, { s: "on" }] }], [{ d: "on" }]],
  ["a prefix", { r: [{ prefix: "us-" }] }, [{ r: "us-east-1" }], [{ r: "eu-us-" }, { r: "US-east-1" }, { r: 5 }]],
  [
    "a prefix in any case",
    { s: [{ prefix: { "equals-ignore-case": "EventB" } }] },
    [{ s: "eventbridge" }],
    [{ s: "event" }],
  ],
  ["a suffix", { f: [{ suffix: ".png" }] }, [{ f: "a.png" }], [{ f: "a.PNG" }, { f: "png" }]],
  ["a suffix in any case", { f: [{ suffix: { "equals-ignore-case": ".png" } }] }, [{ f: "a.PNG" }], [{ f: "a.jpg" }]],
  ["a text in any case", { n: [{ "equals-ignore-case": "alice" }] }, [{ n: "ALICE" }], [{ n: "alic" }]],
  [
    "anything but a text",
    { s: [{ "anything-but": "init" }] },
    [{ s: "on" }, { s: ["init", "on"] }],
    [{ s: "init" }, {}],
  ],
  ["anything but a number", { n: [{ "anything-but": 123 }] }, [{ n: 124 }], [{ n: 123 }]],
  ["anything but several", { s: [{ "anything-but": ["a", "b"] }] }, [{ s: "c" }], [{ s: "a" }, { s: "b" }]],
  ["anything but a prefix", { s: [{ "anything-but": { prefix: "in" } }] }, [{ s: "on" }], [{ s: "init" }]],
  [
    "anything but several prefixes",
    { s: [{ "anything-but": { prefix: ["in", "st"] } }] },
    [{ s: "on" }],
    [{ s: "stop" }],
  ],
  ["anything but a suffix", { f: [{ "anything-but": { suffix: ".txt" } }] }, [{ f: "a.rtf" }], [{ f: "a.txt" }]],
  [
    "anything but in any case",
    { s: [{ "anything-but": { "equals-ignore-case": ["a", "b"] } }] },
    [{ s: "c" }],
    [{ s: "B" }],
  ],
  [
    "anything but a wildcard",
    { p: [{ "anything-but": { wildcard: "*/lib/*" } }] },
    [{ p: "/a/b" }],
    [{ p: "/a/lib/b" }],
  ],
  ["a number above", { n: [{ numeric: [">", 0] }] }, [{ n: 0.5 }], [{ n: 0 }, { n: "1" }]],
  ["a number between", { n: [{ numeric: [">", 0, "<=", 5] }] }, [{ n: 5 }], [{ n: 0 }, { n: 5.1 }]],
  ["a number equal", { n: [{ numeric: ["=", 3.018e2] }] }, [{ n: 301.8 }], [{ n: 301 }]],
  ["an address range", { ip: [{ cidr: "10.0.0.0/24" }] }, [{ ip: "10.0.0.255" }], [{ ip: "10.0.1.0" }, { ip: "x" }]],
  ["an IPv6 range", { ip: [{ cidr: "2001:db8::/32" }] }, [{ ip: "2001:db8::1" }], [{ ip: "10.0.0.1" }]],
  ["what is there", { d: { c: [{ exists: true }] } }, [{ d: { c: null } }, { d: { c: "" } }], [{ d: { e: 1 } }, {}]],
  ["what is not there", { c: [{ exists: false }] }, [{}, { d: 1 }, { c: [] }], [{ c: "x" }, { c: null }]],
  [
    "a wildcard",
    { p: [{ wildcard: "dir/*.png" }] },
    [{ p: "dir/.png" }, { p: "dir/a/b.png" }],
    [{ p: "dir/a.jpg" }, { p: "x" }],
  ],
  ["a star as text", { p: [{ wildcard: "a\\*b\\\\*" }] }, [{ p: "a*b\\" }, { p: "a*b\\c" }], [{ p: "axb\\" }]],
  [
    "alternatives",
    { s: ["x"], $or: [{ a: [1] }, { b: { c: [2] } }] },
    [
      { s: "x", a: 1 },
      { s: "x", b: { c: 2 } },
    ],
    [{ s: "x" }],
  ],
  ["one object of a list", { l: { a: [1], b: [2] } }, [{ l: [{ a: 1, b: 2 }] }], [{ l: [{ a: 1 }, { b: 2 }] }]],
])("%s", (_name, pattern, fitting, others) => {
  for (const event of fitting) expect(fits(pattern, event), JSON.stringify(event)).toBe(true);
  for (const event of others) expect(fits(pattern, event), JSON.stringify(event)).toBe(false);
});

test.each([
  ["no JSON", "{", /not JSON/],
  ["a list", "[]", /not an object/],
  ["nothing", "{}", /Empty objects/],
  ["a value without a list", '{"source":"shop"}', /must be an object or an array/],
  ["an empty list", '{"source":[]}', /Empty arrays/],
  ["a list in a list", '{"source":[["shop"]]}', /String, number/],
  ["two operators in one", '{"source":[{"prefix":"a","suffix":"b"}]}', /Only one key/],
  ["an unknown operator", '{"source":[{"contains":"a"}]}', /Unrecognized/],
  ["an empty prefix", '{"source":[{"prefix":""}]}', /Unrecognized/],
  ["two stars in a row", '{"source":[{"wildcard":"a**b"}]}', /Unrecognized/],
  ["an escape of another character", String.raw`{"source":[{"wildcard":"a\\b"}]}`, /Unrecognized/],
  ["bounds in the wrong order", '{"n":[{"numeric":[">",5,"<",1]}]}', /Unrecognized/],
  ["a number out of range", '{"n":[{"numeric":[">",5000000001]}]}', /Unrecognized/],
  ["texts and numbers in one exception", '{"n":[{"anything-but":["a",1]}]}', /Unrecognized/],
  ["an address range that is none", '{"ip":[{"cidr":"10.0.0.0/33"}]}', /Unrecognized/],
  ["one alternative", '{"$or":[{"a":[1]}]}', /\$or/],
  ["a pattern that is too long", JSON.stringify({ source: ["x".repeat(4_096)] }), /longer/],
])("a pattern of %s is refused", (_name, text, message) => {
  expect(() => readEventPattern(text)).toThrow(message);
});

test("alternatives that multiply to more than a thousand are refused", () => {
  const alternatives = Array.from({ length: 11 }, (_, n) => ({ n: [n] }));
  const nested = { a: { $or: alternatives }, b: { $or: alternatives }, c: { $or: alternatives } };
  expect(() => readEventPattern(JSON.stringify(nested))).toThrow(/combinations/);
});
