import { type CfnResource, Stack, Token, Validations } from "aws-cdk-lib";
import type { Distribution } from "aws-cdk-lib/aws-cloudfront";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct, IConstruct } from "constructs";
import type { ConsoleProps } from "./console.ts";

/** The CDK's function that copies files into buckets, one a stack. */
const DEPLOYER = "Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C";

/** Says why the pages do without what the AwsSolutions pack asks for. */
export function acknowledgePages(
  bucket: Bucket,
  distribution: Distribution,
  { certificate, webAclId }: Pick<ConsoleProps, "certificate" | "webAclId">,
): void {
  const same = "The pages are the same for everybody and hold no data; who does what is in recovery's audit.";
  acknowledge(bucket, { "AwsSolutions-S1": same });
  acknowledge(distribution, {
    "AwsSolutions-CFR1": "Operators are where they are; the APIs behind the pages refuse whoever has no token.",
    "AwsSolutions-CFR3": same,
    ...(webAclId === undefined && { "AwsSolutions-CFR2": `${same} A web ACL can be given as \`webAclId\`.` }),
    ...(!certificate && {
      "AwsSolutions-CFR4":
        "Only a certificate of one's own takes TLS 1.2 at least: give `domainName` and `certificate`.",
    }),
  });
}

/** Says why the CDK's function may do what it may: it comes with the CDK, and copies into this bucket. */
export function acknowledgeDeployment(scope: Construct, bucket: Bucket): void {
  const stack = Stack.of(scope);
  const deployer = stack.node.tryFindChild(DEPLOYER);
  if (!deployer) return;
  const files = stack.getLogicalId(bucket.node.defaultChild as CfnResource);
  const comes =
    "The CDK's own function copies the built files from its assets into the console's bucket, and does nothing else.";
  acknowledge(deployer, {
    "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]": comes,
    "AwsSolutions-IAM5[Action::s3:GetBucket*]": comes,
    "AwsSolutions-IAM5[Action::s3:GetObject*]": comes,
    "AwsSolutions-IAM5[Action::s3:List*]": comes,
    "AwsSolutions-IAM5[Action::s3:Abort*]": comes,
    "AwsSolutions-IAM5[Action::s3:DeleteObject*]": comes,
    [`AwsSolutions-IAM5[Resource::<${files}.Arn>/*]`]: comes,
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${assetsOf(stack)}/*]`]: comes,
    "AwsSolutions-L1": "Its runtime is the CDK's choice.",
  });
}

/** Says why a function of the console may read what it is not told the names of. */
export function acknowledgeReading(reader: IConstruct, resources: readonly string[]): void {
  const reason = "It reads settings and numbers of the systems that the console shows, and no message.";
  const names = { partition: "<AWS::Partition>", ...accountOf(Stack.of(reader)) };
  for (const resource of resources) {
    acknowledge(reader, { [`AwsSolutions-IAM5[Resource::${arnIn(names, resource)}]`]: reason });
  }
}

/** The ARN of a resource that is written without partition, region and account, such as `sqs::*`; `*` is all. */
export function arnIn(
  { partition, region, account }: Pick<Stack, "account" | "partition" | "region">,
  resource: string,
): string {
  return resource === "*" ? resource : `arn:${partition}:${resource.replace("::", `:${region}:${account}:`)}`;
}

/** The bucket of the CDK's assets, as cdk-nag writes its name. */
function assetsOf(stack: Stack): string {
  const { account, region } = accountOf(stack);
  return `cdk-${stack.synthesizer.bootstrapQualifier ?? "hnb659fds"}-assets-${account}-${region}`;
}

/** A stack's account and region, as cdk-nag writes them. */
function accountOf({ account, region }: Stack): { readonly account: string; readonly region: string } {
  const shown = (value: string, name: string): string => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
  return { account: shown(account, "AccountId"), region: shown(region, "Region") };
}

function acknowledge(construct: IConstruct, reasons: Readonly<Record<string, string>>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(construct).acknowledge({ id, reason });
}
