import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { seal, unseal, wrappedKeyOf } from "./sealed-text.ts";

const purpose = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });
const dataKey = () => ({ key: randomBytes(32), wrappedKey: randomBytes(40).toString("base64url") });

test("what is sealed opens for what it was sealed for, whatever the order of that, and the text is not in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), purpose, (text, sealedFor) => {
      const { key, wrappedKey } = dataKey();
      const sealed = seal(text, sealedFor, { key, wrappedKey, salt: randomBytes(32) });
      const turned = Object.fromEntries(Object.entries(sealedFor).toReversed());
      expect(unseal(sealed, turned, key)).toBe(text);
      expect(wrappedKeyOf(sealed)).toBe(wrappedKey);
      if (text.length > 8) expect(sealed).not.toContain(text);
    }),
  );
});

test("it opens under no other key, for nothing else, and not once a single character of it is another", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), (text, at) => {
      const { key, wrappedKey } = dataKey();
      const sealed = seal(text, { orderId: "o-1" }, { key, wrappedKey, salt: randomBytes(32) });
      expect(unseal(sealed, { orderId: "o-2" }, key)).toBeUndefined();
      expect(unseal(sealed, {}, key)).toBeUndefined();
      expect(unseal(sealed, { orderId: "o-1" }, randomBytes(32))).toBeUndefined();
      const place = at % (sealed.length - 1);
      const changed = `${sealed.slice(0, place)}${sealed[place] === "A" ? "B" : "A"}${sealed.slice(place + 1)}`;
      expect(unseal(changed, { orderId: "o-1" }, key)).toBeUndefined();
      expect(unseal(sealed.slice(0, place), { orderId: "o-1" }, key)).toBeUndefined();
    }),
  );
});

test("the same text is sealed in another way each time", () => {
  const data = dataKey();
  const sealed = [1, 2].map(() => seal("4321", {}, { ...data, salt: randomBytes(32) }));
  expect(sealed[0]).not.toBe(sealed[1]);
});

test.each(["", "4321", "rq1", "rq1..", "rq1.abc.", "rq1.abc.abc", "rq2.abc.abc"])("%j is no sealed text", (text) => {
  expect(wrappedKeyOf(text)).toBeUndefined();
  expect(unseal(text, {}, randomBytes(32))).toBeUndefined();
});
