import { expect, test } from "vitest";
import { sampleSchema } from "../../testing/index.ts";
import { reasonOf, runBatch, turnedAround } from "../../testing/run-batch.ts";
import { DependencyFailure } from "../errors.ts";
import { decrypted } from "./decrypted.ts";

test("encrypted fields are plain when the schema sees them, and those that are missing are its business", async () => {
  const body = '{"card":"4321","name":"x","toString":"5","__proto__":{"card":"1"}}';
  const { seen } = await runBatch([{ body }], { encryptedFields: decrypted(["card", "iban"], turnedAround) });
  expect(JSON.stringify(seen[0]?.body)).toBe('{"card":"1234","name":"x","toString":"5","__proto__":{"card":"1"}}');
  const others = ["null", "5", "[]", '"card"', "{}"];
  const untouched = await runBatch(
    others.map((each) => ({ body: each })),
    { encryptedFields: decrypted(["card"], turnedAround) },
  );
  expect(untouched.seen.map((each) => JSON.stringify(each.body))).toEqual(others);
});

test("plain values of encrypted fields are neither in the journal nor in the log", async () => {
  const handle = (body: unknown): never => {
    throw new Error(`declined: ${(body as { card: string }).card}`);
  };
  const options = { encryptedFields: decrypted(["card"], turnedAround), handle };
  const { outcomes, lines } = await runBatch([{ body: '{"card":"765432198"}' }], options);
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: { message: expect.stringContaining("declined: ") } });
  expect(JSON.stringify(outcomes) + lines).not.toContain("891234567");
});

test("what a schema says of a decrypted field is not in the journal either", async () => {
  const schema = sampleSchema((value) => ({
    issues: [{ message: `${(value as { card: string }).card} is no card`, path: ["card"] }],
  }));
  const { outcomes } = await runBatch([{ body: '{"card":"765432198"}' }], {
    encryptedFields: decrypted(["card"], turnedAround),
    schema,
  });
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: { category: "validation" } });
  expect(JSON.stringify(outcomes)).not.toContain("891234567");
});

test.each([
  [
    "a field that is no text",
    '{"card":5}',
    turnedAround,
    { category: "validation", message: "The encrypted field card is not a text." },
  ],
  [
    "a decryption that leaves a field out",
    '{"card":"4"}',
    { decrypt: async () => ({}) },
    { errorName: "ReliqError", message: "The decryption gave back no field card." },
  ],
  [
    "a decryption that throws",
    '{"card":"4"}',
    { decrypt: () => Promise.reject(new DependencyFailure("no key")) },
    { category: "dependency", retryable: true },
  ],
])("%s is a failed attempt", async (_, body, decryption, expected) => {
  expect(await reasonOf([{ body }], { encryptedFields: decrypted(["card"], decryption) })).toMatchObject(expected);
});

test("encrypted fields with nothing to open them with, and names that are none, are refused where they are declared", () => {
  expect(() => decrypted(["card"], undefined as never)).toThrow("the second is what opens them");
  expect(() => decrypted("card" as never, turnedAround)).toThrow('"card" is no list of field names');
});
