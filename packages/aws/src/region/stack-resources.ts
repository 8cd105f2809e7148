import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import type { DeployedResource } from "./deployed-resource.ts";

/** A stack as CloudFormation tells of it. */
interface ReadStack {
  readonly name: string;
  /** Pseudo parameters and parameters, and what `Ref` gives of each resource, by name. */
  readonly refs: Readonly<Record<string, string>>;
  readonly template: Template;
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value?: unknown; readonly Export?: { readonly Name?: unknown } }>
  >;
}

/**
 * Reads the resources of stacks, with the references among them resolved as far as the way of messages needs it: names, ARNs and addresses of queues, functions, topics and
 * APIs, texts that are put together of them, and what one of these stacks exports to another. Other values are left out, and so is a stack that is not there.
 */
export async function stackResources(
  client: CloudFormationClient,
  stacks: readonly string[],
): Promise<readonly DeployedResource[]> {
  const read = await Promise.all(
    stacks.map((name) =>
      readStack(client, name).catch((error: Error) => {
        if (error.name !== "ValidationError") throw error;
        return undefined;
      }),
    ),
  );
  const there = read.filter((stack) => stack !== undefined);
  return there.flatMap((stack) => resourcesOf(stack, there));
}

async function readStack(client: CloudFormationClient, StackName: string): Promise<ReadStack> {
  const [{ TemplateBody = "{}" }, { Stacks = [] }] = await Promise.all([
    client.send(new GetTemplateCommand({ StackName })),
    client.send(new DescribeStacksCommand({ StackName })),
  ]);
  const { StackId = "", Parameters = [] } = Stacks[0] ?? {};
  const [, partition = "", , region = "", account = ""] = StackId.split(":");
  const refs: Record<string, string> = {
    "AWS::AccountId": account,
    "AWS::Partition": partition,
    "AWS::Region": region,
    "AWS::StackId": StackId,
    "AWS::StackName": StackName,
    "AWS::URLSuffix": partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
  for (const { ParameterKey = "", ParameterValue = "" } of Parameters) refs[ParameterKey] = ParameterValue;
  for await (const page of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId = "", PhysicalResourceId = "" } of page.StackResourceSummaries ?? []) {
      refs[LogicalResourceId] = PhysicalResourceId;
    }
  }
  return { name: StackName, refs, template: JSON.parse(TemplateBody) as Template };
}

function resourcesOf(stack: ReadStack, all: readonly ReadStack[]): readonly DeployedResource[] {
  return Object.entries(stack.template.Resources ?? {}).map(([logicalId, { Type: type, Properties = {} }]) => ({
    stack: stack.name,
    logicalId,
    type,
    ref: stack.refs[logicalId] ?? "",
    attributes: attributesOf(stack, type, stack.refs[logicalId] ?? ""),
    properties: (resolved(Properties, stack, all) ?? {}) as Readonly<Record<string, unknown>>,
  }));
}

/** What `Fn::GetAtt` gives of what messages pass, as far as it follows from what `Ref` gives (CloudFormation's template reference, "Return values"). */
function attributesOf({ refs }: ReadStack, type: string, ref: string): Readonly<Record<string, string>> {
  const arn = (service: string, rest: string): string =>
    `arn:${refs["AWS::Partition"]}:${service}:${refs["AWS::Region"]}:${refs["AWS::AccountId"]}:${rest}`;
  const name = ref.slice(Math.max(ref.lastIndexOf("/"), ref.lastIndexOf(":")) + 1);
  switch (type) {
    case "AWS::SQS::Queue":
      return { Arn: arn("sqs", name), QueueName: name, QueueUrl: ref };
    case "AWS::Lambda::Function":
      return { Arn: arn("lambda", `function:${ref}`) };
    case "AWS::SNS::Topic":
      return { TopicArn: ref, TopicName: name };
    case "AWS::ApiGatewayV2::Api":
      return { ApiId: ref };
    default:
      return {};
  }
}

/** A value with its references resolved; undefined where one cannot be. */
function resolved(value: unknown, stack: ReadStack, all: readonly ReadStack[]): unknown {
  if (Array.isArray(value)) return value.map((each) => resolved(each, stack, all));
  if (typeof value !== "object" || value === null) return value;
  const [name = "", ...others] = Object.keys(value);
  const argument = (value as Readonly<Record<string, unknown>>)[name];
  if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) return evaluated(name, argument, stack, all);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, resolved(member, stack, all)]));
}

function evaluated(name: string, argument: unknown, stack: ReadStack, all: readonly ReadStack[]): unknown {
  switch (name) {
    case "Ref":
      return stack.refs[String(argument)];
    case "Fn::GetAtt": {
      const [id = "", attribute = ""] = typeof argument === "string" ? argument.split(".") : (argument as string[]);
      const type = stack.template.Resources?.[id]?.Type ?? "";
      return attributesOf(stack, type, stack.refs[id] ?? "")[attribute];
    }
    case "Fn::Join": {
      const [between, parts] = argument as [string, unknown];
      const texts = resolved(parts, stack, all);
      return Array.isArray(texts) && !texts.includes(undefined) ? texts.join(between) : undefined;
    }
    case "Fn::ImportValue":
      return imported(resolved(argument, stack, all), all);
    default:
      return undefined;
  }
}

function imported(name: unknown, all: readonly ReadStack[]): unknown {
  for (const stack of all) {
    for (const { Value, Export } of Object.values(stack.template.Outputs ?? {})) {
      if (Export && resolved(Export.Name, stack, all) === name) return resolved(Value, stack, all);
    }
  }
  return undefined;
}
