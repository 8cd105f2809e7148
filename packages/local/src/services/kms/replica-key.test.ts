import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { type Region, startRegion } from "../../region.ts";

let directory: string;
let first: Region;
let second: Region;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-replica-key-"));
  const report = (): void => {};
  const options = { port: 0, report };
  first = await startRegion({ ...options, stateDirectory: join(directory, "first"), region: "us-east-1" });
  const peers = { "us-east-1": first.endpoint };
  second = await startRegion({ ...options, stateDirectory: join(directory, "second"), region: "eu-west-1", peers });
});
afterEach(async () => {
  await Promise.all([first.stop(), second.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

async function deploy(region: Region, Type: string, Properties: object): Promise<string> {
  const template = {
    Resources: { Key: { Type, Properties } },
    Outputs: { Arn: { Value: { "Fn::GetAtt": ["Key", "Arn"] } } },
  };
  const { stacks } = await region.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: { template } }));
  return stacks[0]?.outputs["Arn"] ?? "";
}

test("what a multi-Region key has encrypted its replica opens, and the other way round", async () => {
  const primary = await deploy(first, "AWS::KMS::Key", { MultiRegion: true });
  expect(primary).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/mrk-[0-9a-f]{32}$/);
  const replica = await deploy(second, "AWS::KMS::ReplicaKey", { PrimaryKeyArn: primary, KeyPolicy: {} });
  expect(replica).toBe(primary.replace("us-east-1", "eu-west-1"));
  const Plaintext = Buffer.from("secret").toString("base64");
  for (const [from, to, KeyId] of [
    [first, second, primary],
    [second, first, replica],
  ] as const) {
    const { CiphertextBlob } = await from.call("kms", "Encrypt", { KeyId, Plaintext });
    expect(await to.call("kms", "Decrypt", { CiphertextBlob })).toMatchObject({ Plaintext });
  }
  const { KeyMetadata } = await second.call("kms", "DescribeKey", { KeyId: replica });
  expect(KeyMetadata).toMatchObject({
    MultiRegion: true,
    MultiRegionConfiguration: { MultiRegionKeyType: "REPLICA", PrimaryKey: { Arn: primary, Region: "us-east-1" } },
  });
});

test("a replica of a key that is of one region, of none, or of a region that is no peer is refused with the reason", async () => {
  const own = await deploy(first, "AWS::KMS::Key", {});
  const replicate = (PrimaryKeyArn: string) => deploy(second, "AWS::KMS::ReplicaKey", { PrimaryKeyArn });
  await expect(replicate(own)).rejects.toThrow("it takes the ARN of a multi-Region key");
  const id = "mrk-00000000000000000000000000000000";
  await expect(replicate(`arn:aws:kms:us-east-1:000000000000:key/${id}`)).rejects.toThrow("has no multi-Region key");
  await expect(replicate(`arn:aws:kms:ap-south-1:000000000000:key/${id}`)).rejects.toThrow("--peer ap-south-1=");
});
