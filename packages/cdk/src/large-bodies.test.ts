import { Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, test } from "vitest";
import { allowed, testStack } from "../test/definition.ts";
import { BundledFunction } from "./bundled-function.ts";
import { Consumer } from "./consumer.ts";
import { Journal } from "./journal.ts";
import { LargeBodies, type LargeBodiesProps } from "./large-bodies.ts";

function define(props: LargeBodiesProps = {}): { stack: Stack; largeBodies: LargeBodies } {
  const stack = testStack();
  return { stack, largeBodies: new LargeBodies(stack, "Bodies", props) };
}

const objects = {
  "Fn::Join": ["", [{ "Fn::GetAtt": [expect.stringContaining("BodiesBucket"), "Arn"] }, "/bodies/*"]],
};

describe("LargeBodies", () => {
  test("is a closed, encrypted bucket that forgets bodies once no queue can point to them", () => {
    const template = Template.fromStack(define().stack);
    template.hasResource("AWS::S3::Bucket", {
      Properties: {
        BucketEncryption: { ServerSideEncryptionConfiguration: [Match.anyValue()] },
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
        LifecycleConfiguration: {
          Rules: [
            { ExpirationInDays: 30, Prefix: "bodies/", Status: "Enabled" },
            { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" },
          ],
        },
      },
      DeletionPolicy: "Retain",
    });
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: { Statement: [{ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }] },
    });
  });

  test("a consumer knows the bucket, and may read bodies there and nothing else", () => {
    const { stack, largeBodies } = define();
    const queue = { queue: new Queue(stack, "Orders"), visibilityTimeout: Duration.seconds(30), maxReceiveCount: 5 };
    const journal = new Journal(stack, "Journal");
    new Consumer(stack, "Consumer", { entry: import.meta.filename, queue, journal, largeBodies });
    Template.fromStack(stack).hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { RELIQ_LARGE_BODIES_BUCKET: { Ref: Match.stringLikeRegexp("BodiesBucket") } } },
    });
    const about = allowed(stack).filter(({ actions }) => String(actions).includes("s3:"));
    expect(about).toEqual([
      { actions: "s3:GetObject", resource: objects },
      { actions: "s3:ListBucket", resource: { "Fn::GetAtt": [expect.stringContaining("BodiesBucket"), "Arn"] } },
    ]);
  });

  test("a function that stores bodies may do nothing else there, with a key of yours too", () => {
    const { stack } = define();
    const encryptionKey = new Key(stack, "Key");
    const largeBodies = new LargeBodies(stack, "Mine", { encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
    const producer = new BundledFunction(stack, "Producer", { entry: import.meta.filename, largeBodies });
    largeBodies.grantStore(producer.function);
    expect(allowed(stack).slice(1)).toEqual([
      { actions: "s3:PutObject", resource: { "Fn::Join": ["", [expect.anything(), "/bodies/*"]] } },
      { actions: "kms:GenerateDataKey", resource: { "Fn::GetAtt": [expect.stringContaining("Key"), "Arn"] } },
    ]);
  });

  test.each<[LargeBodiesProps, string]>([
    [{ keepFor: Duration.hours(36) }, "`keepFor` is 1 day 12 hours; S3 counts whole days."],
    [{ keepFor: Duration.hours(1) }, "`keepFor` is 1 hour; it takes a Duration of whole seconds from 1 day to"],
    [{ bucketName: "Bodies" }, '`bucketName` is "Bodies"; it takes 3 to 63 small letters'],
    [{ prefix: "x" } as LargeBodiesProps, '`prefix` is "x"; there is no such prop'],
  ])("refuses %j with what it takes", (props, message) => {
    expect(() => define(props)).toThrow(`LargeBodies Test/Bodies: prop ${message}`);
  });
});
