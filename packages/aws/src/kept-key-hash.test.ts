import { SQSClient } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeptKeyHash } from "./kept-key-hash.ts";

const { sha256: SdkHash } = new SQSClient({ region: "us-east-1" }).config;

const bytes = fc.uint8Array({ maxLength: 100 });
const data = fc.oneof(
  fc.string({ unit: "binary" }),
  bytes,
  bytes.map((each) => new DataView(each.buffer, each.byteOffset, each.byteLength)),
);
// As many texts as bytes, so that some come again while others were between.
const secret = fc.oneof(fc.constantFrom("one", "other", "ä"), fc.constantFrom(Buffer.from("one"), Buffer.from("ä")));

test("it hashes and signs as the SDK's own, whichever secrets come in turns", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.option(secret), fc.array(data))), async (rounds) => {
      for (const [key, parts] of rounds) {
        const [ours, theirs] = [new KeptKeyHash(key ?? undefined), new SdkHash(key ?? undefined)];
        for (const part of parts) {
          ours.update(part);
          theirs.update(part);
        }
        expect(Buffer.from(await ours.digest())).toEqual(Buffer.from(await theirs.digest()));
      }
    }),
  );
});

test("an ArrayBuffer is its bytes", async () => {
  const [buffer, view] = [new KeptKeyHash(), new KeptKeyHash()];
  buffer.update(Uint8Array.of(1, 2, 3).buffer);
  view.update(Uint8Array.of(1, 2, 3));
  expect(await buffer.digest()).toEqual(await view.digest());
});

test("it begins anew with the same secret", async () => {
  const hash = new KeptKeyHash("one");
  hash.update("before");
  const before = await hash.digest();
  hash.reset();
  hash.update("before");
  expect(await hash.digest()).toEqual(before);
});
