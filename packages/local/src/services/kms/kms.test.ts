import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

// biome-ignore lint/suspicious/noExplicitAny: what a service answers has no type.
type Answer = any;

/** Calls KMS as the SDK does, over the wire; what is refused is thrown, by the service's own name. */
async function kms(action: string, input: object): Promise<Answer> {
  const answer = await fetch(fixture().region.endpoint, {
    method: "POST",
    headers: { "x-amz-target": `TrentService.${action}`, "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify(input),
  });
  const body = (await answer.json()) as Answer;
  if (answer.ok) return body;
  throw Object.assign(new Error(body.message), { name: String(body.__type).replace("com.amazonaws.kms#", "") });
}
const refusal = (name: string) => expect.objectContaining({ name });
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const newKey = async (): Promise<string> => (await kms("CreateKey", {})).KeyMetadata.KeyId;

let KeyId: string;
beforeEach(async () => {
  KeyId = await newKey();
});

describe("a key", () => {
  test("opens what it has encrypted, also after a restart, by its id, its ARN or an alias", async () => {
    await kms("CreateAlias", { AliasName: "alias/orders", TargetKeyId: KeyId });
    const { KeyMetadata } = await kms("DescribeKey", { KeyId: "alias/orders" });
    expect(KeyMetadata).toMatchObject({ KeyId, KeyState: "Enabled", KeyUsage: "ENCRYPT_DECRYPT" });
    const blobs = await Promise.all(
      [KeyId, KeyMetadata.Arn, "alias/orders", "arn:aws:kms:us-east-1:000000000000:alias/orders"].map(
        async (id) => (await kms("Encrypt", { KeyId: id, Plaintext: base64("secret") })).CiphertextBlob,
      ),
    );
    expect(new Set(blobs).size).toBe(4);
    expect(blobs.join("")).not.toContain(base64("secret"));
    await fixture().restart();
    for (const CiphertextBlob of blobs) {
      expect(await kms("Decrypt", { CiphertextBlob })).toMatchObject({
        Plaintext: base64("secret"),
        KeyId: KeyMetadata.Arn,
      });
    }
  });

  test("opens nothing for another context, another key or changed bytes, and does not say which it was", async () => {
    const EncryptionContext = { order: "1", shop: "a" };
    const { CiphertextBlob } = await kms("Encrypt", { KeyId, Plaintext: base64("secret"), EncryptionContext });
    const turned = { CiphertextBlob, EncryptionContext: { shop: "a", order: "1" } };
    expect((await kms("Decrypt", turned)).Plaintext).toBe(base64("secret"));
    const bytes = Buffer.from(CiphertextBlob, "base64");
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    for (const input of [
      { CiphertextBlob },
      { CiphertextBlob, EncryptionContext: { ...EncryptionContext, order: "2" } },
      { CiphertextBlob: bytes.toString("base64"), EncryptionContext },
      { CiphertextBlob: base64("no blob of ours"), EncryptionContext },
    ]) {
      await expect(kms("Decrypt", input)).rejects.toEqual(refusal("InvalidCiphertextException"));
    }
    const other = await newKey();
    await expect(kms("Decrypt", { CiphertextBlob, EncryptionContext, KeyId: other })).rejects.toEqual(
      refusal("IncorrectKeyException"),
    );
  });

  test("that is disabled, to be deleted or unknown does nothing, and each is said by its own name", async () => {
    const { CiphertextBlob } = await kms("Encrypt", { KeyId, Plaintext: base64("secret") });
    await kms("DisableKey", { KeyId });
    for (const call of [kms("Decrypt", { CiphertextBlob }), kms("GenerateDataKey", { KeyId, KeySpec: "AES_256" })]) {
      await expect(call).rejects.toEqual(refusal("DisabledException"));
    }
    await kms("EnableKey", { KeyId });
    expect(await kms("ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 })).toMatchObject({
      KeyState: "PendingDeletion",
    });
    await expect(kms("Decrypt", { CiphertextBlob })).rejects.toEqual(refusal("KMSInvalidStateException"));
    await kms("CancelKeyDeletion", { KeyId });
    await kms("EnableKey", { KeyId });
    expect((await kms("Decrypt", { CiphertextBlob })).Plaintext).toBe(base64("secret"));
    for (const id of ["none", "alias/none", "arn:aws:kms:eu-west-1:000000000000:key/none"]) {
      await expect(kms("Encrypt", { KeyId: id, Plaintext: "AA==" })).rejects.toEqual(refusal("NotFoundException"));
    }
  });

  test("is gone when its time is over, and nothing opens what it had encrypted", async () => {
    const { CiphertextBlob } = await kms("Encrypt", { KeyId, Plaintext: base64("secret") });
    await kms("ScheduleKeyDeletion", { KeyId, PendingWindowInDays: 7 });
    await fixture().region.jump({ seconds: 8 * 86_400 });
    await expect(kms("DescribeKey", { KeyId })).rejects.toEqual(refusal("NotFoundException"));
    await expect(kms("Decrypt", { CiphertextBlob })).rejects.toEqual(refusal("InvalidCiphertextException"));
  });
});

test("a data key comes in plain and encrypted, of the size that is asked for, and each is another", async () => {
  const EncryptionContext = { order: "1" };
  const first = await kms("GenerateDataKey", { KeyId, KeySpec: "AES_256", EncryptionContext });
  const second = await kms("GenerateDataKey", { KeyId, NumberOfBytes: 16, EncryptionContext });
  expect([first, second].map(({ Plaintext }) => Buffer.from(Plaintext, "base64").length)).toEqual([32, 16]);
  const opened = await kms("Decrypt", { CiphertextBlob: first.CiphertextBlob, EncryptionContext });
  expect(opened.Plaintext).toBe(first.Plaintext);
  expect(await kms("GenerateDataKeyWithoutPlaintext", { KeyId, KeySpec: "AES_128" })).not.toHaveProperty("Plaintext");
  for (const input of [{ KeyId }, { KeyId, KeySpec: "AES_256", NumberOfBytes: 1 }, { KeyId, KeySpec: "RSA" }]) {
    await expect(kms("GenerateDataKey", input)).rejects.toEqual(refusal("ValidationException"));
  }
});

test("aliases are taken once, listed by their key in pages, and can be moved", async () => {
  const other = await newKey();
  for (const name of ["alias/a", "alias/b", "alias/c"]) {
    await kms("CreateAlias", { AliasName: name, TargetKeyId: KeyId });
  }
  const again = kms("CreateAlias", { AliasName: "alias/a", TargetKeyId: other });
  await expect(again).rejects.toEqual(refusal("AlreadyExistsException"));
  await kms("UpdateAlias", { AliasName: "alias/c", TargetKeyId: other });
  const first = await kms("ListAliases", { KeyId, Limit: 1 });
  expect(first).toMatchObject({ Truncated: true, Aliases: [{ AliasName: "alias/a", TargetKeyId: KeyId }] });
  const rest = await kms("ListAliases", { KeyId, Marker: first.NextMarker });
  expect(rest).toMatchObject({ Truncated: false, Aliases: [{ AliasName: "alias/b" }] });
  await kms("DeleteAlias", { AliasName: "alias/b" });
  expect((await kms("ListAliases", {})).Aliases.map((each: Answer) => each.AliasName)).toEqual(["alias/a", "alias/c"]);
  for (const [AliasName, name] of [
    ["orders", "ValidationException"],
    ["alias/aws/sqs", "NotAuthorizedException"],
    ["alias/not good", "InvalidAliasNameException"],
  ]) {
    await expect(kms("CreateAlias", { AliasName, TargetKeyId: KeyId })).rejects.toEqual(refusal(String(name)));
  }
});

test("a template's key keeps what it opens when it is deployed again, and waits for its deletion when it leaves", async () => {
  const resources = {
    Key: { Type: "AWS::KMS::Key", Properties: { Description: "one", KeyPolicy: {}, EnableKeyRotation: true } },
    Name: { Type: "AWS::KMS::Alias", Properties: { AliasName: "alias/shop", TargetKeyId: { Ref: "Key" } } },
    Queue: { Type: "AWS::SQS::Queue", Properties: { KmsMasterKeyId: { "Fn::GetAtt": ["Key", "Arn"] } } },
  };
  const { directory, region } = fixture();
  const deploy = (Resources: object) =>
    region.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: { template: { Resources } } }));
  await deploy(resources);
  const { CiphertextBlob } = await kms("Encrypt", { KeyId: "alias/shop", Plaintext: base64("secret") });
  const described = { ...resources.Key, Properties: { ...resources.Key.Properties, Description: "two" } };
  await deploy({ ...resources, Key: described });
  expect((await kms("DescribeKey", { KeyId: "alias/shop" })).KeyMetadata.Description).toBe("two");
  expect((await kms("Decrypt", { CiphertextBlob })).Plaintext).toBe(base64("secret"));
  await deploy({ Queue: { Type: "AWS::SQS::Queue" } });
  await expect(kms("Decrypt", { CiphertextBlob })).rejects.toEqual(refusal("KMSInvalidStateException"));
  await expect(kms("DescribeKey", { KeyId: "alias/shop" })).rejects.toEqual(refusal("NotFoundException"));
  await deploy(resources);
  expect((await kms("Decrypt", { CiphertextBlob })).Plaintext).toBe(base64("secret"));
});
