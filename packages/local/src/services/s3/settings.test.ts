import {
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newBucket, openRegion, refusal, type TestRegion } from "./fixture.ts";

let here: TestRegion;
let Bucket: string;
beforeAll(async () => {
  here = await openRegion();
});
beforeEach(async () => {
  Bucket = await newBucket(here);
});
afterAll(() => here.close());

// source: user guide, Default encryption; Blocking public access; Controlling ownership of objects
test("a new bucket is encrypted, closed to the public, and owns its objects", async () => {
  const { ServerSideEncryptionConfiguration } = await here.s3.send(new GetBucketEncryptionCommand({ Bucket }));
  const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false };
  expect(ServerSideEncryptionConfiguration).toMatchObject({ Rules: [byDefault] });
  const { PublicAccessBlockConfiguration } = await here.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
  expect(Object.values(PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
  const { OwnershipControls } = await here.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  expect(OwnershipControls).toMatchObject({ Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] });
});

// source: API_PutBucketEncryption, API_DeleteBucketEncryption (resets to S3 managed keys)
test("an encryption is shown as it was put, and deleting it brings the first one back", async () => {
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "k" } }] as const;
  const ServerSideEncryptionConfiguration = { Rules: [...Rules] };
  await here.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
  const shown = () => here.s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(await shown()).toMatchObject({ ServerSideEncryptionConfiguration });
  await here.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect(JSON.stringify(await shown())).toContain("AES256");
});

// source: API_GetPublicAccessBlock, API_GetBucketPolicy, API_GetBucketTagging, Errors
test("a configuration that is not there is refused by its own code", async () => {
  await here.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const block = here.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
  await expect(block).rejects.toMatchObject(refusal("NoSuchPublicAccessBlockConfiguration", 404));
  await expect(here.s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject(
    refusal("NoSuchBucketPolicy", 404),
  );
  await expect(here.s3.send(new GetBucketTaggingCommand({ Bucket }))).rejects.toMatchObject(
    refusal("NoSuchTagSet", 404),
  );
});

// source: API_PutBucketPolicy
test("a policy is kept as it is, and must be JSON", async () => {
  const Policy = '{ "Version": "2012-10-17", "Statement": [] }';
  await here.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  expect(await here.s3.send(new GetBucketPolicyCommand({ Bucket }))).toMatchObject({ Policy });
  const broken = here.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: "no" }));
  await expect(broken).rejects.toMatchObject(refusal("MalformedPolicy", 400));
  await here.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
  await expect(here.s3.send(new GetBucketPolicyCommand({ Bucket }))).rejects.toMatchObject(
    refusal("NoSuchBucketPolicy", 404),
  );
});

// source: API_PutBucketTagging
test("tags are kept, each key once, white space and all", async () => {
  const TagSet = [{ Key: "a", Value: ' 1 < 2 & "3"\n' }];
  await here.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  expect(await here.s3.send(new GetBucketTaggingCommand({ Bucket }))).toMatchObject({ TagSet });
  const twice = here.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [...TagSet, ...TagSet] } }));
  await expect(twice).rejects.toMatchObject(refusal("InvalidTag", 400));
});

test("versioning is refused by name", async () => {
  const VersioningConfiguration = { Status: "Enabled" } as const;
  const put = here.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await expect(put).rejects.toMatchObject({
    ...refusal("NotImplemented", 501),
    message: expect.stringContaining("versioning"),
  });
  expect((await here.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
});

const rule = (input: Partial<LifecycleRule>): LifecycleRule => ({
  ID: "r",
  Status: "Enabled",
  Filter: { Prefix: "" },
  ...input,
});
const putRules = (Rules: LifecycleRule[]) =>
  here.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

// source: user guide, Managing the lifecycle of objects
test("a lifecycle is shown as it was put, and can be deleted", async () => {
  const Rules: LifecycleRule[] = [
    rule({
      Filter: { And: { Prefix: "archive/", Tags: [{ Key: "cold", Value: "yes" }] } },
      Transitions: [
        { Days: 30, StorageClass: "STANDARD_IA" },
        { Days: 90, StorageClass: "GLACIER" },
      ],
      Expiration: { Days: 365 },
    }),
    rule({ ID: "s", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }),
  ];
  await putRules(Rules);
  const get = () => here.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  expect((await get()).Rules).toEqual(Rules);
  await here.s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
  await expect(get()).rejects.toMatchObject(refusal("NoSuchLifecycleConfiguration", 404));
});

// source: user guide, Lifecycle configuration elements; Transitioning objects (30 days before infrequent access)
test.each<[string, string, LifecycleRule[]]>([
  ["no rules", "MalformedXML", []],
  ["a status that is none", "MalformedXML", [rule({ Status: "On" as never, Expiration: { Days: 1 } })]],
  ["no filter", "MalformedXML", [{ ID: "r", Status: "Enabled", Expiration: { Days: 1 } }]],
  ["no action", "InvalidRequest", [rule({})]],
  ["two rules of one id", "InvalidArgument", [rule({ Expiration: { Days: 1 } }), rule({ Expiration: { Days: 2 } })]],
  ["an expiration after 0 days", "InvalidArgument", [rule({ Expiration: { Days: 0 } })]],
  [
    "infrequent access before 30 days",
    "InvalidArgument",
    [rule({ Transitions: [{ Days: 29, StorageClass: "STANDARD_IA" }] })],
  ],
  [
    "an expiration before a transition",
    "InvalidArgument",
    [rule({ Transitions: [{ Days: 40, StorageClass: "GLACIER" }], Expiration: { Days: 40 } })],
  ],
  ["a date that is no midnight", "InvalidArgument", [rule({ Expiration: { Date: new Date("2030-01-01T01:00:00Z") } })]],
])("a lifecycle with %s is refused", async (_what, code, rules) => {
  await expect(putRules(rules)).rejects.toMatchObject(refusal(code, 400));
});

// source: API reference, Error responses: MalformedXML
test("a document that is not well-formed, that defines entities, or that has another root is refused", async () => {
  const documents = [
    "<Tagging><TagSet></Tagging>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]><Tagging><TagSet/></Tagging>",
    "<Other/>",
  ];
  for (const body of documents) {
    const answer = await fetch(`${here.region.endpoint}/${Bucket}?tagging`, { method: "PUT", body });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("<Code>MalformedXML</Code>")]);
  }
});
