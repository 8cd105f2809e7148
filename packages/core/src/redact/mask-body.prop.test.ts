import fc from "fast-check";
import { expect, test } from "vitest";
import { maskBody, unmaskBody } from "./mask-body.ts";
import { personalValues } from "./personal-values.ts";

const NAMES = ["email", "dob"];

const personal = fc.string({ unit: fc.constantFrom(..."\"'\\{}[],: \n`=&a1é") }).map((text) => `PERSONAL${text}`);
const anyPersonal = fc.oneof(personal, fc.array(personal), fc.record({ of: personal }), fc.integer({ min: 123_456 }));
const members = { email: anyPersonal, dob: personal, note: fc.jsonValue({ maxDepth: 2 }) };

/** Bodies with personal values in objects and lists, in JSON in texts, in other texts and in names. */
const { body } = fc.letrec<{ body: object; inner: unknown }>((tie) => ({
  body: fc.record({ ...members, inner: tie("inner") }, { requiredKeys: ["inner"] }),
  inner: fc.oneof(
    { maxDepth: 3 },
    fc.record(members, { requiredKeys: [] }),
    fc.array(tie("body"), { maxLength: 3 }),
    tie("body").map((each) => JSON.stringify(each)),
    personal.map((email) => ({ email, text: `it is ${email}, they say`, [`of ${email}`]: 1 })),
  ),
}));

const layout = fc.constantFrom<(value: object) => string>(
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, undefined, "\t "),
);

function maskingIn(text: string): { names: readonly string[]; values: readonly string[] } {
  return { names: NAMES, values: personalValues({ body: text, attributes: {} }, NAMES) };
}

test("no personal value survives in a masked body, which is JSON as before", () => {
  fc.assert(
    fc.property(body, layout, (value, write) => {
      const text = write(value);
      const masked = maskBody(text, maskingIn(text)).text;
      expect(masked).not.toContain("PERSONAL");
      expect(() => JSON.parse(masked)).not.toThrow();
    }),
    { numRuns: 500 },
  );
});

test("an edit that leaves the masks in place writes what was behind them, and no mask", () => {
  fc.assert(
    fc.property(body, layout, (value, write) => {
      const text = write({ ...value, amount: 1 });
      const masked = maskBody(text, maskingIn(text));
      const edited = JSON.stringify({ ...JSON.parse(masked.text), amount: 2 });
      expect(JSON.parse(unmaskBody(edited, text, masked))).toEqual({ ...JSON.parse(text), amount: 2 });
    }),
    { numRuns: 500 },
  );
});

test("what is not personal stays as it is written: numbers beyond JavaScript's, white space, members that are there twice", () => {
  const text =
    '{ "id": 12345678901234567890,\n "email":"a@x.example", "price":1.10, "email": {"of":["b@x.example"]}, "s":"\\u00e9" }';
  const masked = maskBody(text, maskingIn(text));
  expect(masked.text).toBe(
    '{ "id": 12345678901234567890,\n "email":"[redacted 1]", "price":1.10, "email": "[redacted 2]", "s":"\\u00e9" }',
  );
  const edited = masked.text.replace("1.10", "1.20");
  expect(unmaskBody(edited, text, masked)).toBe(text.replace("1.10", "1.20"));
  expect(unmaskBody(masked.text, text, masked)).toBe(text);
});

test("a value goes back to its own item of a list, wherever that has been moved", () => {
  const text = '{"items":[{"id":1,"email":"a@x.example"},{"id":2,"email":"b@x.example"}]}';
  const masked = maskBody(text, maskingIn(text));
  const edited = JSON.stringify({ items: JSON.parse(masked.text).items.toReversed().slice(0, 1) });
  expect(unmaskBody(edited, text, masked)).toBe('{"items":[{"id":2,"email":"b@x.example"}]}');
});

test.each([
  ["under another name, where it could be read", '{"note":"[redacted 1]"}'],
  ["in the middle of a text", '{"email":"[redacted 1] or so"}'],
  ["with a number that no mask has", '{"email":"[redacted 7]"}'],
  ["in what is no JSON", '{"email":"[redacted 1]"'],
  ["without its number", '{"email":"[redacted]"}'],
  ["on another level", '{"of":{"email":"[redacted 1]"}}'],
])("a mask %s is refused, and never written", (_, edited) => {
  const text = '{"email":"a@x.example"}';
  expect(() => unmaskBody(edited, text, maskBody(text, maskingIn(text)))).toThrow("has a mask with nothing behind it");
});

test("a body that is no JSON is masked as a text, and one with more values than can be looked for is withheld", () => {
  const text = "email: a@x.example, amount: 5";
  const masked = maskBody(text, { names: NAMES, values: [] });
  expect(masked.text).toBe("email: [redacted], amount: 5");
  expect(() => unmaskBody(`${masked.text}0`, text, masked)).toThrow("mask");
  expect(unmaskBody("email: b@x.example", text, masked)).toBe("email: b@x.example");
  const large = JSON.stringify(Array.from({ length: 9_000 }, (_, id) => ({ email: `${id}@x.example` })));
  expect(maskBody(large, maskingIn(large)).text).toBe("[redacted]");
});

test("a body that is nested without end is masked below a hundred levels, in the time of its length", () => {
  const deep = `${'{"a":'.repeat(50_000)}{"email":"a@x.example"}${"}".repeat(50_000)}`;
  const { text } = maskBody(deep, maskingIn(deep));
  expect(text).not.toContain("a@x.example");
});
