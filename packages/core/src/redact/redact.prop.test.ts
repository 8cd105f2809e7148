import { inspect } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleMessage } from "../../testing/index.ts";
import { personalValues } from "./personal-values.ts";
import { redactText } from "./redact-text.ts";
import { redactValue } from "./redact-value.ts";

const FIELDS = ["ssn_no", "dob"];

/** A personal value bears a mark that nothing else does, among whatever characters are hard to read. */
const personal = fc
  .tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: fc.constantFrom(..."\"'\\{}[],: \n`=&a1") }))
  .map(([first, second]) => `${second}PERSONAL${first}`);

const members = {
  ssn_no: fc.oneof(personal, fc.array(personal), fc.record({ of: personal })),
  dob: personal,
  note: fc.jsonValue({ maxDepth: 1 }),
};

/** A body with personal values in objects, in lists and in JSON in texts. */
const { body } = fc.letrec<{ body: object; inner: unknown }>((tie) => ({
  body: fc.record({ ...members, inner: tie("inner") }, { requiredKeys: ["inner"] }),
  inner: fc.oneof(
    { maxDepth: 3 },
    fc.record(members, { requiredKeys: [] }),
    fc.array(tie("body"), { maxLength: 2 }),
    tie("body").map((each) => JSON.stringify(each)),
  ),
}));

/** The ways in which an error's text comes to have a body in it. */
const wording = fc.constantFrom<(body: object) => string>(
  (body) => `cannot store ${JSON.stringify(body)}`,
  (body) => `answer 400: ${JSON.stringify(JSON.stringify(body))}`,
  (body) => JSON.stringify({ request: JSON.stringify({ body: JSON.stringify(body) }) }),
  (body) => `Error: ${JSON.stringify(body, undefined, 2)}\n    at handle (/app/index.mjs:1:1)`,
);

test("no personal value survives in a text that has the body in it, whoever wrote it", () => {
  fc.assert(
    fc.property(body, wording, (value, say) => {
      expect(redactText(FIELDS)(say(value))).not.toContain("PERSONAL");
    }),
    { numRuns: 300 },
  );
});

test("no personal value survives in an inspected object", () => {
  fc.assert(
    fc.property(fc.record(members), (value) => {
      const text = inspect({ order: [value] }, { depth: 9, breakLength: Number.POSITIVE_INFINITY });
      expect(redactText(FIELDS)(text)).not.toContain("PERSONAL");
    }),
    { numRuns: 300 },
  );
});

test("no value of the message's own survives anywhere in a text", () => {
  const anywhere = fc.tuple(body, fc.constantFrom(String, JSON.stringify), fc.string());
  fc.assert(
    fc.property(anywhere, ([value, word, around]) => {
      const values = personalValues(sampleMessage({ body: JSON.stringify(value) }), FIELDS);
      const text = values.map((each) => `${around}${word(each)}${around}`).join(" ");
      expect(redactText(FIELDS, values)(text)).not.toContain("PERSONAL");
    }),
    { numRuns: 300 },
  );
});

test("no personal value survives in a value, and what is not personal does", () => {
  fc.assert(
    fc.property(body, (value) => {
      const masked = redactValue({ value }, FIELDS);
      expect(JSON.stringify(masked)).not.toContain("PERSONAL");
    }),
  );
  expect(redactValue({ a: [1, null, { dob: 1, b: "x" }], "": true }, FIELDS)).toEqual({
    a: [1, null, { dob: "[redacted]", b: "x" }],
    "": true,
  });
});

test("a value nested without end is withheld where it is too deep", () => {
  const circle: Record<string, unknown> = { dob: "1990" };
  circle["self"] = circle;
  expect(JSON.stringify(redactValue(circle, FIELDS))).not.toContain("1990");
});

test("personal values are found in bodies of any depth, and a body that is not JSON has none to find", () => {
  const deep = `${"[".repeat(100_000)}{"dob":[1990]}${"]".repeat(100_000)}`;
  expect(personalValues(sampleMessage({ body: deep }), FIELDS)).toEqual(["1990"]);
  expect(personalValues(sampleMessage({ body: "dob: 1990" }), FIELDS)).toEqual([]);
  expect(personalValues(sampleMessage({ body: deep }), [])).toEqual([]);
});
