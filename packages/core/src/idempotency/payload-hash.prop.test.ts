import fc from "fast-check";
import { expect, test } from "vitest";
import { payloadHash } from "./payload-hash.ts";

test("any two different texts have different hashes, also where one character, its place, or a NUL at the end is all that differs", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  fc.assert(
    fc.property(text, text, fc.nat(40), (one, other, at) => {
      const changed = `${one.slice(0, at)}${String.fromCharCode((one.charCodeAt(at) || 0) ^ 1)}${one.slice(at + 1)}`;
      const swapped = `${one.slice(0, at)}${one[at + 1] ?? ""}${one[at] ?? ""}${one.slice(at + 2)}`;
      const texts = new Set([one, other, changed, swapped, `${one}\0`, `${one}\0\0`, `\0${one}`]);
      expect(new Set([...texts].map(payloadHash)).size).toBe(texts.size);
    }),
    { numRuns: 500 },
  );
});

test("a hundred thousand orders that differ in a number have hashes of their own", () => {
  const hashes = new Set(
    Array.from({ length: 100_000 }, (_, number) => payloadHash(JSON.stringify({ number, cents: 5 }))),
  );
  expect(hashes.size).toBe(100_000);
  for (const hash of [...hashes].slice(0, 100)) expect(hash).toMatch(/^-?\d{1,10}\.-?\d{1,10}$/);
});
