import type { Resource, ResourceProvider, ResourceRequest } from "../kernel/resource.ts";
import type { World } from "../kernel/service.ts";
import { stableUuid } from "./parameters.ts";

const ACCESS = "access is not checked locally";
const NETWORK = "functions run on this machine's network";

/** The resource types that have no effect here, each with the reason. */
export const WITHOUT_LOCAL_MEANING: Readonly<Record<string, string>> = {
  "AWS::CDK::Metadata": "it tells AWS about the use of CDK",
  "AWS::EC2::NetworkAcl": NETWORK,
  "AWS::EC2::RouteTable": NETWORK,
  "AWS::EC2::SecurityGroup": NETWORK,
  "AWS::EC2::SecurityGroupEgress": NETWORK,
  "AWS::EC2::SecurityGroupIngress": NETWORK,
  "AWS::EC2::Subnet": NETWORK,
  "AWS::EC2::SubnetRouteTableAssociation": NETWORK,
  "AWS::EC2::VPC": NETWORK,
  "AWS::EC2::VPCEndpoint": NETWORK,
  "AWS::Events::EventBusPolicy": ACCESS,
  "AWS::IAM::*": ACCESS,
  "AWS::Lambda::Permission": ACCESS,
  "AWS::Logs::ResourcePolicy": ACCESS,
  "AWS::S3::BucketPolicy": ACCESS,
  "AWS::SNS::TopicInlinePolicy": ACCESS,
  "AWS::SNS::TopicPolicy": ACCESS,
  "AWS::SQS::QueueInlinePolicy": ACCESS,
};

/** Why a resource type has no effect in the local region, or undefined where it matters. */
export function withoutLocalMeaning(type: string): string | undefined {
  return WITHOUT_LOCAL_MEANING[type.startsWith("AWS::IAM::") ? "AWS::IAM::*" : type];
}

/** Keeps resources that have no effect, so that what refers to them finds a name and an ARN. */
export function keepingProvider(ground: Pick<World, "accountId" | "region">): ResourceProvider {
  return { supported: [], put: async (request) => describe(request, ground), remove: async () => {} };
}

function describe(request: ResourceRequest, { accountId, region }: Pick<World, "accountId" | "region">): Resource {
  const { name, type, properties } = request;
  const iam = (kind: string): string => `arn:aws:iam::${accountId}:${kind}${properties["Path"] ?? "/"}${name}`;
  const named = (arn: string): Resource => ({ ref: name, attributes: { Arn: arn } });
  switch (type) {
    case "AWS::EC2::SecurityGroup":
      return { ref: `sg-${idOf(name)}`, attributes: { GroupId: `sg-${idOf(name)}` } };
    case "AWS::EC2::Subnet":
      return {
        ref: `subnet-${idOf(name)}`,
        attributes: {
          AvailabilityZone: String(properties["AvailabilityZone"] ?? `${region}a`),
          SubnetId: `subnet-${idOf(name)}`,
        },
      };
    case "AWS::EC2::VPC":
      return {
        ref: `vpc-${idOf(name)}`,
        attributes: { CidrBlock: String(properties["CidrBlock"]), VpcId: `vpc-${idOf(name)}` },
      };
    case "AWS::IAM::Group":
      return named(iam("group"));
    case "AWS::IAM::InstanceProfile":
      return named(iam("instance-profile"));
    case "AWS::IAM::ManagedPolicy":
      return { ref: iam("policy"), attributes: { PolicyArn: iam("policy") } };
    case "AWS::IAM::Role":
      return named(iam("role"));
    case "AWS::IAM::User":
      return named(iam("user"));
    case "AWS::Lambda::Function":
      return named(`arn:aws:lambda:${region}:${accountId}:function:${name}`);
    default:
      return { ref: name, attributes: {} };
  }
}

/** The end of an id of EC2: 17 hexadecimal digits, the same for the same name. */
function idOf(name: string): string {
  return stableUuid(name).replaceAll("-", "").slice(0, 17);
}
