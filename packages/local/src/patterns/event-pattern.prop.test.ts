import fc from "fast-check";
import { expect, test } from "vitest";
import type { Members } from "../kernel/service.ts";
import { readEventPattern } from "./event-pattern.ts";
import { fitsRules } from "./match.ts";
import { fitsWildcard, readWildcard } from "./wildcard.ts";

const character = fc.constantFrom("a", "b", "\\", "*", "é", "😀", "\n", ".");
const text = fc.string({ unit: character, maxLength: 8 });
const escaped = (value: string): string => value.replaceAll(/[\\*]/g, String.raw`\$&`);
const quoted = (value: string): string => value.replaceAll(/[\\*.]/g, String.raw`\$&`);
const fits = (condition: unknown, value: unknown): boolean =>
  fitsRules(readEventPattern(JSON.stringify({ key: [condition] })), { key: value });

test("a wildcard fits what its stars stand for, and what a regular expression says", () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), text, (parts, other) => {
      const filled = parts.filter((part, index) => part !== "" || index === 0 || index === parts.length - 1);
      const wildcard = filled.map(escaped).join("*");
      if (readWildcard(wildcard) === undefined) return;
      expect(readWildcard(wildcard)).toEqual(filled);
      expect(fitsWildcard(wildcard, filled.join("a*b"))).toBe(true);
      const expression = new RegExp(`^${filled.map(quoted).join(".*")}$`, "s");
      for (const each of [other, filled.join(other), filled.join("") + other]) {
        expect(fitsWildcard(wildcard, each)).toBe(expression.test(each));
      }
    }),
  );
});

test("a wildcard without stars is the text itself", () => {
  fc.assert(
    fc.property(text, text, (value, other) => {
      expect(fits({ wildcard: escaped(value) }, value)).toBe(true);
      expect(fits({ wildcard: escaped(value) }, other)).toBe(value === other);
    }),
  );
});

test("anything-but is the opposite of the operator that it names, for one text", () => {
  const operator = fc.constantFrom("prefix", "suffix", "equals-ignore-case", "wildcard");
  fc.assert(
    fc.property(
      operator,
      fc.string({ unit: fc.constantFrom("a", "b", "A"), minLength: 1, maxLength: 4 }),
      text,
      (name, operand, value) => {
        expect(fits({ "anything-but": { [name]: operand } }, value)).toBe(!fits({ [name]: operand }, value));
      },
    ),
  );
});

test("a pattern made of an event's own fields fits it, and fits no longer once one of them differs", () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const { event } = fc.letrec<{ event: Members; value: unknown }>((tie) => ({
    value: fc.oneof({ depthSize: "small" }, scalar, tie("event")),
    event: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie("value"), {
      minKeys: 1,
      maxKeys: 3,
      noNullPrototype: true,
    }) as fc.Arbitrary<Members>,
  }));
  const patternOf = (members: Members): Members =>
    Object.fromEntries(
      Object.entries(members).map(([key, value]) => [
        key,
        typeof value === "object" && value !== null ? patternOf(value as Members) : [value],
      ]),
    );
  fc.assert(
    fc.property(event, (members) => {
      const written = JSON.stringify(patternOf(members));
      fc.pre(written.length <= 4_096);
      const pattern = readEventPattern(written);
      expect(fitsRules(pattern, members)).toBe(true);
      const [key = ""] = Object.keys(members);
      expect(fitsRules(pattern, { ...members, [key]: ["differs", 0.5] })).toBe(false);
    }),
  );
});
