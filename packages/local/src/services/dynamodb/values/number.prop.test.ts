import fc from "fast-check";
import { expect, test } from "vitest";
import { addNumbers, canonicalNumber, sortableNumber } from "./number.ts";

/** Numbers that DynamoDB can hold: up to 38 digits, 1E-130 to 9.9E+125. */
const number = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -92, max: 87 }))
  .map(([digits, exponent]) => ({ digits, exponent, text: `${digits}e${exponent}` }));

/** The number × 10^130, which is whole. */
const scaled = ({ digits, exponent }: { digits: bigint; exponent: number }): bigint =>
  digits * 10n ** BigInt(exponent + 130);

const sign = (value: bigint): number => (value === 0n ? 0 : value < 0n ? -1 : 1);

test("the order of the keys is the order of the numbers, and equal numbers have one key", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [a, b].map(({ text }) => sortableNumber(canonicalNumber(text)));
      expect(Buffer.compare(Buffer.from(x ?? "", "latin1"), Buffer.from(y ?? "", "latin1"))).toBe(
        sign(scaled(a) - scaled(b)),
      );
    }),
  );
});

test("the canonical form is the same number, without exponent and superfluous zeros", () => {
  fc.assert(
    fc.property(number, (a) => {
      const text = canonicalNumber(a.text);
      expect(text).toMatch(/^(?:0|-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?)$/);
      const [whole = "", fraction = ""] = text.split(".");
      expect(BigInt(whole + fraction.padEnd(130, "0"))).toBe(scaled(a));
      expect(canonicalNumber(text)).toBe(text);
    }),
  );
});

test("sums and differences are exact, or refused", () => {
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [canonicalNumber(a.text), canonicalNumber(b.text)];
      const exact = canonicalOrRefused(`${scaled(a) + scaled(b)}e-130`);
      expect(orRefused(() => addNumbers(x, y))).toBe(exact);
      expect(orRefused(() => addNumbers(x, canonicalNumber(`${-b.digits}e${b.exponent}`), -1n))).toBe(exact);
    }),
  );
});

const canonicalOrRefused = (text: string): string => orRefused(() => canonicalNumber(text));

function orRefused(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}
