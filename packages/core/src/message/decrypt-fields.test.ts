import { expect, test } from "vitest";
import { sampleSchema } from "../../testing/index.ts";
import { reasonOf, runBatch, turnedAround } from "../../testing/run-batch.ts";
import { DependencyFailure } from "../errors.ts";

test("encrypted fields are plain when the schema sees them, and those that are missing are its business", async () => {
  const body = '{"card":"4321","name":"x","toString":"5","__proto__":{"card":"1"}}';
  const { seen } = await runBatch([{ body }], { encryptedFields: ["card", "iban"] }, turnedAround);
  expect(JSON.stringify(seen[0]?.body)).toBe('{"card":"1234","name":"x","toString":"5","__proto__":{"card":"1"}}');
  const others = ["null", "5", "[]", '"card"', "{}"];
  const untouched = await runBatch(
    others.map((each) => ({ body: each })),
    { encryptedFields: ["card"] },
    turnedAround,
  );
  expect(untouched.seen.map((each) => JSON.stringify(each.body))).toEqual(others);
});

test("plain values of encrypted fields are neither in the journal nor in the log", async () => {
  const handle = (body: unknown): never => {
    throw new Error(`declined: ${(body as { card: string }).card}`);
  };
  const options = { encryptedFields: ["card"], handle };
  const { outcomes, lines } = await runBatch([{ body: '{"card":"765432198"}' }], options, turnedAround);
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: { message: expect.stringContaining("declined: ") } });
  expect(JSON.stringify(outcomes) + lines).not.toContain("891234567");
});

test("what a schema says of a decrypted field is not in the journal either", async () => {
  const schema = sampleSchema((value) => ({
    issues: [{ message: `${(value as { card: string }).card} is no card`, path: ["card"] }],
  }));
  const { outcomes } = await runBatch(
    [{ body: '{"card":"765432198"}' }],
    { encryptedFields: ["card"], schema },
    turnedAround,
  );
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
    "a port that leaves a field out",
    '{"card":"4"}',
    { decryption: { decrypt: async () => ({}) } },
    { errorName: "ReliqError", message: "The port `decryption` gave back no field card." },
  ],
  [
    "a port that throws",
    '{"card":"4"}',
    { decryption: { decrypt: () => Promise.reject(new DependencyFailure("no key")) } },
    { category: "dependency", retryable: true },
  ],
])("%s is a failed attempt", async (_, body, ports, expected) => {
  expect(await reasonOf([{ body }], { encryptedFields: ["card"] }, ports)).toMatchObject(expected);
});

test("a consumer with encrypted fields and nothing to open them with is refused before any message is touched", async () => {
  await expect(runBatch([{ body: "{}" }], { encryptedFields: ["card"] })).rejects.toMatchObject({
    code: "decryption-missing",
  });
});
