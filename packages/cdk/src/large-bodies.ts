import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { checkProps, duration, given, type PropCheck, refusedProp, text } from "./check-props.ts";

/** What LargeBodies is made of. */
export interface LargeBodiesProps {
  /** @default a name that CloudFormation makes */
  readonly bucketName?: string;
  /** How long a body is kept, whole days, 1 day to 10 years: longer than the queue and its dead-letter queue together keep its message. @default 30 days */
  readonly keepFor?: Duration;
  /** A key of yours that encrypts the bucket. @default keys that S3 manages */
  readonly encryptionKey?: IKey;
  /** What happens to the bucket when the stack goes; it has to be empty to be destroyed. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy;
}

const PROPS: Readonly<Record<keyof LargeBodiesProps, PropCheck>> = {
  bucketName: text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3 to 63 small letters, digits, '-' or '.'"),
  keepFor: duration(Duration.days(1), Duration.days(3_650)),
  encryptionKey: (value) => (value === undefined ? undefined : given("a key of AWS KMS")(value)),
  removalPolicy: text(/^(destroy|retain)$/, "RemovalPolicy.RETAIN or RemovalPolicy.DESTROY"),
};

/** What the keys of bodies begin with: `claimCheck` of `@reliq/aws/s3` writes there. */
const BODIES = "bodies/";

/**
 * The bucket for bodies that are too large to send (claim check): encrypted, reached over TLS only, closed to the public, and
 * emptied of what no queue can point to any more. `largeBodies` of a Consumer reads from it, of an Outbox or a function writes to it.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class LargeBodies extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: LargeBodiesProps = {}) {
    super(scope, id);
    checkProps(this, props, PROPS);
    const { bucketName, keepFor = Duration.days(30), encryptionKey } = props;
    if (!keepFor.isUnresolved() && keepFor.toSeconds() % Duration.days(1).toSeconds() !== 0) {
      throw refusedProp(this, "keepFor", keepFor, "S3 counts whole days");
    }
    this.bucket = new Bucket(this, "Bucket", {
      ...(bucketName !== undefined && { bucketName }),
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey }
        : { encryption: BucketEncryption.S3_MANAGED }),
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [
        { prefix: BODIES, expiration: keepFor },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
  }

  /** Lets a function or a role read bodies, and see that one is missing. */
  grantRead(grantee: IGrantable): Grant {
    const { bucket } = this;
    const read = this.#grant(grantee, ["s3:GetObject"], bucket.arnForObjects(`${BODIES}*`), ["kms:Decrypt"]);
    // Without it S3 answers for a missing body that access is denied.
    return read.combine(this.#grant(grantee, ["s3:ListBucket"], bucket.bucketArn, []));
  }

  /** Lets a function or a role store bodies, and nothing else. */
  grantStore(grantee: IGrantable): Grant {
    const objects = this.bucket.arnForObjects(`${BODIES}*`);
    return this.#grant(grantee, ["s3:PutObject"], objects, ["kms:GenerateDataKey"]);
  }

  #grant(grantee: IGrantable, actions: string[], resource: string, keyActions: readonly string[]): Grant {
    const grant = Grant.addToPrincipal({ grantee, actions, resourceArns: [resource] });
    const key = this.bucket.encryptionKey;
    return key && keyActions.length > 0 ? grant.combine(key.grant(grantee, ...keyActions)) : grant;
  }
}
