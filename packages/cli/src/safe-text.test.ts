import fc from "fast-check";
import { expect, test } from "vitest";
import { safeJson, safeLine, safeText } from "./safe-text.ts";

const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const anything = fc.string({ unit: "binary" });

test("whatever a text holds, nothing of it is obeyed by a terminal, and what can be read is kept", () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect(safeText(text).replace(/[\n\t]/g, "")).not.toMatch(OBEYED);
      expect(safeLine(text)).not.toMatch(OBEYED);
      expect(safeLine(text).length).toBeLessThanOrEqual(80);
    }),
  );
  expect(safeText('<script>é🦆\t{"a":1}\n')).toBe('<script>é🦆\t{"a":1}\n');
  expect(safeText("\u001b[2J\u202e\u{e0001}")).toBe("\\u001b[2J\\u202e\\udb40\\udc01");
});

test("JSON that is printed is as safe, and is read as what it was, lone surrogates too", () => {
  fc.assert(
    fc.property(fc.dictionary(anything, anything), (value) => {
      const text = safeJson(value);
      expect(text.replace(/\n/g, "")).not.toMatch(OBEYED);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  expect(JSON.parse(safeJson(["\ud800\u009b\u2028"]))).toEqual(["\ud800\u009b\u2028"]);
});
