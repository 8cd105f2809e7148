import fc from "fast-check";
import { expect, test } from "vitest";
import { findWords } from "./find-words.ts";

const MEANINGS: readonly (readonly [number, readonly string[]])[] = [
  [0, ["timed out", "time-out"]],
  [1, ["missing field", "missing"]],
  [2, ["invalid", "unexpected end of json"]],
];

const find = findWords(MEANINGS);

/** The same by regular expressions: slower, and plain to see. */
function expected(text: string): number | undefined {
  return MEANINGS.find(([, phrases]) => new RegExp(`\\b(?:${phrases.join("|")})\\b`, "i").test(text))?.[0];
}

const phrase = fc.constantFrom(...MEANINGS.flatMap(([, phrases]) => phrases));
const piece = fc.oneof(
  phrase,
  phrase.map((text) => text.toUpperCase()),
  phrase.map((text) => text.slice(0, -1)),
  phrase.map((text) => text.slice(1)),
  fc.string({ unit: fc.constantFrom(..." _-.aeimntx09AZ\n\u0000\ufffd\u212a") }),
  fc.string({ unit: "binary" }),
);

test("phrases are found as regular expressions of whole words would find them, the first of the table first", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      expect(find(text)).toBe(expected(text));
    }),
    { numRuns: 2_000 },
  );
});
