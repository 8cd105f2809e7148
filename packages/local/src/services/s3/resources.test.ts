import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FixtureStack, writeAssembly } from "../../../test/assembly-fixture.ts";
import { startFixture } from "../../../test/lambda-fixture.ts";
import type { Members } from "../../kernel/service.ts";
import { openRegion, put, type TestRegion } from "./fixture.ts";

let here: TestRegion;
let directory: string;
beforeEach(async () => {
  here = await openRegion();
  directory = mkdtempSync(join(tmpdir(), "reliq-s3-assembly-"));
});
afterEach(async () => {
  await here.close();
  rmSync(directory, { recursive: true, force: true });
});

const BUCKET = { Type: "AWS::S3::Bucket", Properties: { BucketName: "archive" } };
const stackOf = (Resources: object, Outputs: object = {}): Record<string, FixtureStack> => ({
  Shop: { template: { Resources, Outputs } },
});
const deploy = (stacks: Record<string, FixtureStack>) =>
  here.region.deploy(writeAssembly(join(directory, "cdk.out"), stacks));
const bucketOf = (properties: object) =>
  stackOf({ Archive: { ...BUCKET, Properties: { BucketName: "archive", ...properties } } });
const ask = (action: string): Promise<Members> => here.region.call("s3", action, { Bucket: "archive" });

// source: CloudFormation, AWS::S3::Bucket (return values)
test("a bucket of a template has its name and its attributes", async () => {
  const names = ["Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"];
  const Outputs = Object.fromEntries(names.map((name) => [name, { Value: { "Fn::GetAtt": ["Archive", name] } }]));
  await deploy(stackOf({ Archive: BUCKET }, { ...Outputs, Ref: { Value: { Ref: "Archive" } } }));
  expect(here.region.status().stacks[0]?.outputs).toEqual({
    Ref: "archive",
    Arn: "arn:aws:s3:::archive",
    DomainName: "archive.s3.amazonaws.com",
    DualStackDomainName: "archive.s3.dualstack.us-east-1.amazonaws.com",
    RegionalDomainName: "archive.s3.us-east-1.amazonaws.com",
    WebsiteURL: "http://archive.s3-website-us-east-1.amazonaws.com",
  });
});

// source: CloudFormation, AWS::S3::Bucket Rule, BucketEncryption, Tag
test("its settings are those of the template, and go with it, while the objects stay", async () => {
  const Rules = [
    {
      Id: "cold",
      Status: "Enabled",
      Prefix: "failures/",
      ExpirationInDays: 365,
      Transitions: [{ StorageClass: "STANDARD_IA", TransitionInDays: 30 }],
    },
    { Status: "Enabled", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
  ];
  const encryption = { ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } };
  await deploy(
    bucketOf({
      LifecycleConfiguration: { Rules },
      BucketEncryption: { ServerSideEncryptionConfiguration: [encryption] },
      Tags: [{ Key: "aws-cdk:auto-delete-objects", Value: "true" }],
    }),
  );
  expect(await ask("GetBucketLifecycleConfiguration")).toEqual({
    Rule: [
      {
        ID: "cold",
        Status: "Enabled",
        Filter: { Prefix: "failures/" },
        Expiration: { Days: 365 },
        Transition: [{ StorageClass: "STANDARD_IA", Days: 30 }],
      },
      { Status: "Enabled", Filter: {}, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
    ],
  });
  expect(JSON.stringify(await ask("GetBucketEncryption"))).toContain("aws:kms");
  expect(await ask("GetBucketTagging")).toEqual({
    TagSet: { Tag: [{ Key: "aws-cdk:auto-delete-objects", Value: "true" }] },
  });
  await put(here, "archive", "kept", "x");
  await deploy(bucketOf({}));
  await expect(ask("GetBucketLifecycleConfiguration")).rejects.toMatchObject({ code: "NoSuchLifecycleConfiguration" });
  expect(await ask("ListObjectsV2")).toMatchObject({ Contents: [{ Key: "kept" }] });
});

// source: CloudFormation, AWS::S3::Bucket Rule, VersioningConfiguration
test("a lifecycle that S3 refuses, and versions, stop the deployment with their reason", async () => {
  const Rules = [{ Status: "Enabled", Transitions: [{ StorageClass: "STANDARD_IA", TransitionInDays: 3 }] }];
  await expect(deploy(bucketOf({ LifecycleConfiguration: { Rules } }))).rejects.toThrow("at least 30");
  await expect(deploy(bucketOf({ VersioningConfiguration: { Status: "Enabled" } }))).rejects.toThrow("versioning");
  await expect(deploy(bucketOf({ ReplicationConfiguration: {} }))).rejects.toThrow("ReplicationConfiguration");
});

// source: CloudFormation, AWS::S3::Bucket (you can delete only empty buckets)
test("a bucket that is not empty stays when its stack no longer has it, and an empty one goes", async () => {
  await deploy(stackOf({ Archive: BUCKET }));
  await put(here, "archive", "kept", "x");
  const without = stackOf({ Q: { Type: "AWS::SQS::Queue" } });
  await expect(deploy(without)).rejects.toThrow("not empty");
  await here.region.call("s3", "DeleteObject", { Bucket: "archive", Key: "kept" });
  await deploy(without);
  await expect(ask("HeadBucket")).rejects.toMatchObject({ code: "NoSuchBucket" });
});

// source: CloudFormation, AWS::S3::Bucket NotificationConfiguration
test("a template wires notifications to a queue once, and leaves alone those that it does not know", async () => {
  const queue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "told" } };
  const QueueConfigurations = [
    {
      Event: "s3:ObjectCreated:*",
      Queue: { "Fn::GetAtt": ["Told", "Arn"] },
      Filter: { S3Key: { Rules: [{ Name: "suffix", Value: ".json" }] } },
    },
  ];
  const wired = (tags: object[]) => ({
    Told: queue,
    Archive: {
      ...BUCKET,
      Properties: { BucketName: "archive", Tags: tags, NotificationConfiguration: { QueueConfigurations } },
    },
  });
  await deploy(stackOf(wired([])));
  await deploy(stackOf(wired([{ Key: "a", Value: "b" }])));
  await put(here, "archive", "a.txt");
  await put(here, "archive", "b.json");
  const depth = async () => {
    const QueueUrl = `${here.region.endpoint}/000000000000/told`;
    const input = { QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] };
    return (await here.region.call("sqs", "GetQueueAttributes", input))["Attributes"];
  };
  await expect.poll(depth).toEqual({ ApproximateNumberOfMessages: "2" });
  await deploy(stackOf({ Told: queue, Archive: BUCKET }));
  expect(await ask("GetBucketNotificationConfiguration")).toEqual({
    QueueConfiguration: [],
    CloudFunctionConfiguration: [],
  });
});

// source: Lambda developer guide, Process Amazon S3 event notifications with Lambda
test("a function is told of an object, and finds it at the region's endpoint", async () => {
  const functions = await startFixture();
  try {
    const code = `
      export const handler = async ({ Records: [{ s3: { bucket, object } }] }) => {
        const url = \`\${process.env.AWS_ENDPOINT_URL}/\${bucket.name}/\${object.key}\`;
        const body = await (await fetch(url)).text();
        await fetch(\`\${url}.done\`, { method: "PUT", body: body.toUpperCase() });
      };`;
    const LambdaConfigurations = [
      {
        Event: "s3:ObjectCreated:Put",
        Function: { "Fn::GetAtt": ["Functionloud", "Arn"] },
        Filter: {
          S3Key: {
            Rules: [
              { Name: "prefix", Value: "in/" },
              { Name: "suffix", Value: ".txt" },
            ],
          },
        },
      },
    ];
    const Properties = { BucketName: "archive", NotificationConfiguration: { LambdaConfigurations } };
    await functions.deploy({ loud: { code } }, { Archive: { ...BUCKET, Properties } });
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const s3 = new S3Client({ endpoint: functions.region.endpoint, region: "us-east-1", credentials });
    await put({ ...here, s3 }, "archive", "in/a.txt", "quiet");
    const read = async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "archive", Key: "in/a.txt.done" }));
      return Body?.transformToString();
    };
    await expect.poll(() => read().catch(() => undefined), { timeout: 15_000 }).toBe("QUIET");
    s3.destroy();
  } finally {
    await functions.close();
  }
});
