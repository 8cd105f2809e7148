import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64 } from "./decode-base64.ts";

test("any bytes survive the way through base64, with and without padding", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString("base64");
      expect(decodeBase64(text)).toEqual(bytes);
      expect(decodeBase64(text.replaceAll("=", ""))).toEqual(bytes);
    }),
  );
});

test.each(["*", "A A=", "====", "AA-_"])("%j is not base64", (text) => {
  expect(() => decodeBase64(text)).toThrow("is not base64");
});
