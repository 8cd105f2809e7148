import type { Stack } from "aws-cdk-lib";
import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { CfnFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";

/** The services that the functions call: these at an address in each subnet, by the hour; DynamoDB and S3 by routes, which cost nothing. */
const INTERFACES: Readonly<Record<string, InterfaceVpcEndpointAwsService>> = {
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  Sns: InterfaceVpcEndpointAwsService.SNS,
  Events: InterfaceVpcEndpointAwsService.EVENTBRIDGE,
  Ssm: InterfaceVpcEndpointAwsService.SSM,
  Metrics: InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
};

/** What Lambda does to bring a function into a network; these actions take no resource (Lambda developer guide, "Required IAM permissions"). */
const NETWORK_ACTIONS = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Puts functions into a network of their own that has no way out: what they call is reached by endpoints inside it. */
export function isolate(stack: Stack, functions: readonly LambdaFunction[]): void {
  // The CDK's own types do not fit each other under exactOptionalPropertyTypes.
  const vpc = new Vpc(stack, "Network", {
    ipAddresses: IpAddresses.cidr("10.0.0.0/24"),
    maxAzs: 2,
    natGateways: 0,
    restrictDefaultSecurityGroup: false,
    subnetConfiguration: [{ name: "functions", subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
  }) as IVpc;
  vpc.addGatewayEndpoint("Dynamodb", { service: GatewayVpcEndpointAwsService.DYNAMODB });
  vpc.addGatewayEndpoint("S3", { service: GatewayVpcEndpointAwsService.S3 });
  const services = new SecurityGroup(stack, "Services", {
    vpc,
    description: "The endpoints of services: the functions may call them.",
    allowAllOutbound: false,
  });
  services.addIngressRule(Peer.ipv4(vpc.vpcCidrBlock), Port.HTTPS, "From the functions.");
  for (const [id, service] of Object.entries(INTERFACES)) {
    vpc.addInterfaceEndpoint(id, { service, securityGroups: [services], open: false });
  }
  const inside = new SecurityGroup(stack, "Functions", {
    vpc,
    description: "The functions: nobody calls them, and they call services.",
    allowAllOutbound: false,
  });
  inside.addEgressRule(Peer.anyIpv4(), Port.HTTPS, "To endpoints; no route leads elsewhere.");
  for (const each of functions) join(each, vpc, inside);
}

/** The constructs of Reliq know no networks, so the function is told directly. */
function join(each: LambdaFunction, vpc: IVpc, { securityGroupId }: SecurityGroup): void {
  const resource = each.node.defaultChild as CfnFunction;
  resource.vpcConfig = {
    subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
    securityGroupIds: [securityGroupId],
  };
  const grant = Grant.addToPrincipal({ grantee: each, actions: NETWORK_ACTIONS, resourceArns: ["*"] });
  grant.applyBefore(each);
}
