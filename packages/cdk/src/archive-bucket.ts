import { type CfnResource, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/** When archived messages move to cheaper storage, and when they end; whole days. */
export interface ArchiveLifecycle {
  /** When they move to Standard-IA, at least 30 days (S3's own limit). @default 30 days */
  readonly coldAfter?: Duration;
  /** When they move to Glacier Instant Retrieval, which a replay reads as fast, later than `coldAfter`. @default 90 days */
  readonly colderAfter?: Duration;
  /** When they are deleted, later than `colderAfter`. @default 365 days */
  readonly expireAfter?: Duration;
}

/** What the archive's keys begin with: messages, and bodies that are too large for the table (`s3Archive` of `@reliq/aws/recovery`). */
const PREFIXES = ["archive/", "bodies/"] as const;

/** What an archive's lifecycle is where nobody says it. */
export const ARCHIVE_DEFAULTS: Required<ArchiveLifecycle> = {
  coldAfter: Duration.days(30),
  colderAfter: Duration.days(90),
  expireAfter: Duration.days(365),
};

/** The archive's bucket: encrypted, reached over TLS only, closed to the public. Bodies of messages that are held stay with them. */
export function archiveBucket(
  scope: Construct,
  id: string,
  lifecycle: Required<ArchiveLifecycle>,
  { removalPolicy, encryptionKey }: { readonly removalPolicy: RemovalPolicy; readonly encryptionKey?: IKey },
): Bucket {
  const { coldAfter, colderAfter, expireAfter } = lifecycle;
  const bucket = new Bucket(scope, id, {
    ...(encryptionKey
      ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
      : { encryption: BucketEncryption.S3_MANAGED }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [
      {
        id: "archived-messages",
        prefix: "archive/",
        transitions: [
          { storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: coldAfter },
          { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: colderAfter },
        ],
        expiration: expireAfter,
      },
      { id: "broken-uploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    removalPolicy,
    // CloudFormation deletes no bucket with objects in it.
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  });
  Validations.of(bucket).acknowledge({
    id: "AwsSolutions-S1",
    reason:
      "What is archived, brought back and deleted is in recovery's own audit; access logs would repeat it later and less surely.",
  });
  if (removalPolicy === RemovalPolicy.DESTROY) takeLogAlong(Stack.of(scope));
  return bucket;
}

/** The CDK's function that empties buckets, one a stack, would leave its log behind: it gets one that goes with the stack. */
export function takeLogAlong(stack: Stack): void {
  const emptier = stack.node.tryFindChild("Custom::S3AutoDeleteObjectsCustomResourceProvider");
  if (!emptier || emptier.node.tryFindChild("Log")) return;
  const log = new LogGroup(emptier, "Log", { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY });
  const handler = emptier.node.findChild("Handler") as CfnResource;
  handler.addPropertyOverride("LoggingConfig", { LogGroup: log.logGroupName });
}

/** Lets a function read and write archived messages and large bodies, and nothing else. */
export function grantArchive(bucket: Bucket, grantee: IGrantable): Grant {
  const resourceArns = PREFIXES.map((prefix) => bucket.arnForObjects(`${prefix}*`));
  acknowledgePrefixes(bucket, grantee);
  const grant = Grant.addToPrincipal({ grantee, actions: ["s3:GetObject", "s3:PutObject"], resourceArns });
  return bucket.encryptionKey
    ? grant.combine(bucket.encryptionKey.grant(grantee, "kms:Decrypt", "kms:GenerateDataKey"))
    : grant;
}

function acknowledgePrefixes(bucket: Bucket, { grantPrincipal }: IGrantable): void {
  if (!Construct.isConstruct(grantPrincipal)) return;
  const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnResource);
  for (const prefix of PREFIXES) {
    Validations.of(grantPrincipal).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`,
      reason:
        "Keys are made of the ids of messages, which nobody knows beforehand; the two prefixes are all that is written.",
    });
  }
}
