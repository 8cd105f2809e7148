import fc from "fast-check";
import { expect, test } from "vitest";
import { LARGEST_BATCH_BYTES, messageBytes, packBatches } from "./pack-batches.ts";

const message = fc.record({
  body: fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 50 }),
    fc.integer({ min: 1, max: LARGEST_BATCH_BYTES + 10 }).map((bytes) => "x".repeat(bytes)),
  ),
  attributes: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 8 }),
    fc.string().map((stringValue) => ({ dataType: "String", stringValue })),
    { maxKeys: 3 },
  ),
});

test("every message is in exactly one batch, in order, and no batch breaks a limit it could keep", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
      const batches = packBatches(messages);
      expect(batches.flat()).toEqual([...messages.keys()]);
      for (const [position, batch] of batches.entries()) {
        const bytes = batch.reduce((sum, index) => sum + messageBytes(messages[index]!), 0);
        expect(batch.length).toBeLessThanOrEqual(10);
        if (batch.length > 1) expect(bytes).toBeLessThanOrEqual(LARGEST_BATCH_BYTES);
        const next = batches[position + 1]?.[0];
        if (next !== undefined && batch.length < 10) {
          expect(bytes + messageBytes(messages[next]!)).toBeGreaterThan(LARGEST_BATCH_BYTES);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test("a text's bytes are those of its UTF-8 form", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (body) => {
      expect(messageBytes({ body })).toBe(Buffer.byteLength(body));
    }),
  );
});
