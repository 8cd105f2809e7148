import { createHash } from "node:crypto";
import type { Members } from "../kernel/service.ts";

interface NameRule {
  /** The property that sets the name. */
  readonly property: string;
  /** The longest name that the service takes, characters. */
  readonly longest: number;
  readonly lowerCase?: true;
  /** The property that makes the name end in `.fifo`. */
  readonly fifo?: string;
}

/** The types whose name is the resource's identity, each with its limit (the Name property in AWS's resource type reference). */
const RULES: Readonly<Record<string, NameRule>> = {
  "AWS::CloudWatch::Alarm": { property: "AlarmName", longest: 255 },
  "AWS::CloudWatch::CompositeAlarm": { property: "AlarmName", longest: 255 },
  "AWS::CloudWatch::Dashboard": { property: "DashboardName", longest: 255 },
  "AWS::DynamoDB::GlobalTable": { property: "TableName", longest: 255 },
  "AWS::DynamoDB::Table": { property: "TableName", longest: 255 },
  "AWS::Events::EventBus": { property: "Name", longest: 256 },
  "AWS::Events::Rule": { property: "Name", longest: 64 },
  "AWS::IAM::Group": { property: "GroupName", longest: 128 },
  "AWS::IAM::InstanceProfile": { property: "InstanceProfileName", longest: 128 },
  "AWS::IAM::ManagedPolicy": { property: "ManagedPolicyName", longest: 128 },
  "AWS::IAM::Role": { property: "RoleName", longest: 64 },
  "AWS::IAM::User": { property: "UserName", longest: 64 },
  "AWS::KMS::Alias": { property: "AliasName", longest: 256 },
  "AWS::Lambda::Function": { property: "FunctionName", longest: 64 },
  "AWS::Logs::LogGroup": { property: "LogGroupName", longest: 512 },
  "AWS::S3::Bucket": { property: "BucketName", longest: 63, lowerCase: true },
  "AWS::SNS::Topic": { property: "TopicName", longest: 256, fifo: "FifoTopic" },
  "AWS::SQS::Queue": { property: "QueueName", longest: 80, fifo: "FifoQueue" },
  "AWS::SSM::Parameter": { property: "Name", longest: 1011 },
  "AWS::Scheduler::Schedule": { property: "Name", longest: 64 },
  "AWS::Scheduler::ScheduleGroup": { property: "Name", longest: 64 },
  "Custom::S3AutoDeleteObjects": { property: "BucketName", longest: 63 },
};

const OTHER: NameRule = { property: "", longest: 64 };

/**
 * The physical name of a resource: the one that its properties set, else one made of its stack, its logical id and a hash,
 * which is the same each time, so that a resource that is put twice is still one.
 */
export function physicalName(stackName: string, logicalId: string, type: string, properties: Members): string {
  const rule = RULES[type] ?? OTHER;
  const set = properties[rule.property];
  if (typeof set === "string" && set !== "") return set;
  const hash = createHash("sha256").update(`${stackName}/${logicalId}`).digest("hex").slice(0, 8);
  const ending = `-${hash}${rule.fifo && String(properties[rule.fifo]) === "true" ? ".fifo" : ""}`;
  const name = `${stackName}-${logicalId}`.slice(0, rule.longest - ending.length) + ending;
  return rule.lowerCase ? name.toLowerCase() : name;
}
