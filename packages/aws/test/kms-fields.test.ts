import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { kmsFields } from "@reliq/aws/encryption";
import { consumer, decrypted } from "@reliq/core";
import { anyBody, sampleMessage } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { localRegion } from "./region.ts";

/** A key of KMS and a client that counts its requests. */
async function keyed() {
  const client = new KMSClient(await localRegion());
  const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
  let requests = 0;
  client.middlewareStack.add(
    (next) => (args) => {
      requests++;
      return next(args);
    },
    { step: "initialize" },
  );
  return { client, keyId: KeyMetadata?.KeyId ?? "", requests: () => requests };
}

const sealedFor = ({ body }: { readonly body: string }) => ({ orderId: (JSON.parse(body) as { id: string }).id });
const about = (id: string) => sampleMessage({ body: JSON.stringify({ id }) });

test("KMS is asked once for many messages, and by each who opens them once", async () => {
  const { client, keyId, requests } = await keyed();
  const producer = kmsFields({ client, keyId, context: { shop: "a" }, sealedFor });
  const sealed = await Promise.all(
    ["o-1", "o-2", "o-3"].map((orderId) =>
      producer.encrypt({ email: "ann@example.com", phone: undefined }, { orderId }),
    ),
  );
  expect(sealed.map((each) => Object.keys(each))).toEqual([["email"], ["email"], ["email"]]);
  expect(JSON.stringify(sealed)).not.toContain("ann@example.com");
  expect(requests()).toBe(1);
  const reader = kmsFields({ client, keyId, context: { shop: "a" }, sealedFor });
  const opened = await Promise.all(sealed.map((each, index) => reader.decrypt(each, about(`o-${index + 1}`))));
  expect(opened).toEqual(Array(3).fill({ email: "ann@example.com" }));
  expect(requests()).toBe(2);
}, 30_000);

test("a key serves for its time and its uses, and no longer", async () => {
  const { client, keyId, requests } = await keyed();
  let nowMs = 0;
  const fields = kmsFields({ client, keyId, keySeconds: 60, keyUses: 2, now: () => nowMs });
  await fields.encrypt({ card: "1" });
  await fields.encrypt({ card: "2" });
  expect(requests()).toBe(1);
  await fields.encrypt({ card: "3" });
  expect(requests()).toBe(2);
  nowMs = 60_000;
  await fields.encrypt({ card: "4" });
  expect(requests()).toBe(3);
}, 30_000);

test("a field does not open in another message, under another name, for another context, nor unsealed; a retry is of no use", async () => {
  const { client, keyId } = await keyed();
  const fields = kmsFields({ client, keyId, sealedFor });
  const { email = "" } = await fields.encrypt({ email: "ann@example.com" }, { orderId: "o-1" });
  const permanent = expect.objectContaining({ category: "permanent" });
  await expect(fields.decrypt({ email }, about("o-2"))).rejects.toEqual(permanent);
  await expect(fields.decrypt({ phone: email }, about("o-1"))).rejects.toThrow("The field phone does not open");
  const other = kmsFields({ client, keyId, sealedFor, context: { shop: "b" } });
  await expect(other.decrypt({ email }, about("o-1"))).rejects.toEqual(permanent);
  const plain = fields.decrypt({ email: "ann@example.com" }, about("o-1"));
  await expect(plain).rejects.toThrow("The field email is not sealed.");
}, 30_000);

test("after a failure of KMS it is asked again", async () => {
  const { client, keyId } = await keyed();
  let down = true;
  client.middlewareStack.add((next) => (args) => (down ? Promise.reject(new Error("KMS is down")) : next(args)), {
    step: "initialize",
  });
  const fields = kmsFields({ client, keyId, sealedFor });
  await expect(fields.encrypt({ card: "1" })).rejects.toThrow("KMS is down");
  down = false;
  const sealed = await fields.encrypt({ card: "1" }, { orderId: "o-1" });
  expect(await fields.decrypt(sealed, about("o-1"))).toEqual({ card: "1" });
}, 30_000);

test("a consumer takes it for its encrypted fields; wrong options are refused", () => {
  const fields = kmsFields({ keyId: "alias/orders", client: new KMSClient({ region: "us-east-1" }) });
  const handle = (): void => {};
  expect(() =>
    consumer({ name: "c", schema: anyBody, handle, encryptedFields: decrypted(["card"], fields) }),
  ).not.toThrow();
  expect(() => kmsFields({ keyId: "" })).toThrow('option `keyId` is ""; it takes the id, ARN or alias of a key of KMS');
  expect(() => kmsFields({ keyId: "k", keySeconds: 0 })).toThrow("option `keySeconds` is 0");
  expect(() => kmsFields({ keyId: "k", keys: 1 } as never)).toThrow("there is no option `keys`");
});
