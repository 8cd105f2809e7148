import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack, Validations } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, test } from "vitest";
import { defineOrderedTrading } from "../stack.ts";
import { contextWith } from "./context.ts";

const outdir = mkdtempSync(join(tmpdir(), "ordered-trading-"));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Defines the system without building its bundles: the journey test runs those. */
function define(changes: Record<string, unknown> = {}): Stack {
  return defineOrderedTrading(defineApp(changes));
}

function defineApp(changes: Record<string, unknown>, builtinCloudFormationValidation = false): App {
  return new App({
    builtinCloudFormationValidation,
    outdir: mkdtempSync(join(outdir, "cdk.out-")),
    context: contextWith(changes),
  });
}

const stack = define({ alertEmail: "ops@example.com" });
const template = Template.fromStack(stack);

const EIGHT_OUTPUTS = [
  "AlertTopicArn",
  "ArchiveBucketName",
  "DeadLetterQueueUrl",
  "MainQueueUrl",
  "MessageProcessorFunctionName",
  "MessageReplayFunctionName",
  "OrderTableName",
  "PoisonHandlerFunctionName",
];
const outputsOf = (of: Template): string[] => Object.keys(of.toJSON()["Outputs"]).sort();
const functionsOf = (of: Template): string[] =>
  Object.values(of.findResources("AWS::Lambda::Function", { Properties: { FunctionName: Match.anyValue() } }))
    .map(({ Properties }) => Properties.FunctionName as string)
    .sort();

describe("the definition of ordered trading", () => {
  test("is the stack OrderedMessageProcessingStack with its eight outputs", () => {
    expect(stack.stackName).toBe("OrderedMessageProcessingStack");
    expect(outputsOf(template)).toEqual(EIGHT_OUTPUTS);
  });

  test("has a FIFO queue and a FIFO dead-letter queue with the settings of cdk.json, encrypted", () => {
    const settings = {
      FifoQueue: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
      VisibilityTimeout: 300,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    };
    template.hasResourceProperties("AWS::SQS::Queue", {
      ...settings,
      QueueName: "fifo-processing-main-queue.fifo",
      ContentBasedDeduplication: false,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 3 }),
    });
    template.hasResourceProperties("AWS::SQS::Queue", { ...settings, QueueName: "fifo-processing-dlq.fifo" });
  });

  test("has three functions with the settings of cdk.json; only the processor's concurrency is reserved", () => {
    const settings = { Runtime: "nodejs24.x", Timeout: 300, MemorySize: 512 };
    for (const [FunctionName, ReservedConcurrentExecutions] of [
      ["fifo-processing-message-processor", 10],
      ["fifo-processing-poison-handler", Match.absent()],
      ["fifo-processing-message-replay", Match.absent()],
    ] as const) {
      const properties = { ...settings, FunctionName, ReservedConcurrentExecutions };
      template.hasResourceProperties("AWS::Lambda::Function", properties);
      const log = { LogGroupName: `/aws/lambda/${FunctionName}`, RetentionInDays: 7 };
      template.hasResourceProperties("AWS::Logs::LogGroup", log);
    }
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("OrdersQueue"), "Arn"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test("has the table of orders with an index by symbol and status and a stream, encrypted and restorable", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "fifo-processing-orders",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "orderId", KeyType: "HASH" }],
      GlobalSecondaryIndexes: [
        Match.objectLike({
          KeySchema: [
            { AttributeName: "symbol", KeyType: "HASH" },
            { AttributeName: "status", KeyType: "RANGE" },
          ],
        }),
      ],
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
      SSESpecification: { SSEEnabled: true },
    });
    template.allResourcesProperties("AWS::DynamoDB::Table", {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  test("pays for the table's capacity where it is asked to", () => {
    const orderTableConfiguration = { billingMode: "PROVISIONED", readCapacity: 5, writeCapacity: 7 };
    Template.fromStack(define({ orderTableConfiguration })).hasResourceProperties("AWS::DynamoDB::Table", {
      TableName: "fifo-processing-orders",
      BillingMode: Match.absent(),
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 7 },
      GlobalSecondaryIndexes: [
        Match.objectLike({ ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }),
      ],
    });
  });

  test("archives in a bucket that is encrypted and closed, cold after 30 days and colder after 90", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({
            Transitions: [
              { StorageClass: "STANDARD_IA", TransitionInDays: 30 },
              { StorageClass: "GLACIER_IR", TransitionInDays: 90 },
            ],
          }),
        ]),
      },
    });
  });

  test("raises the four alarms and tells an encrypted topic", () => {
    for (const [name, MetricName] of [
      ["failure-rate", "FailureRate"],
      ["processing-latency", "ProcessingLatency"],
      ["poison-messages", "PoisonMessages"],
      ["cost-anomaly", "CostPerThousandOrders"],
    ]) {
      template.hasResourceProperties("AWS::CloudWatch::Alarm", {
        AlarmName: `fifo-processing-${name}`,
        Namespace: "FIFO/MessageProcessing",
        MetricName,
        AlarmActions: [{ Ref: Match.stringLikeRegexp("Alerts") }],
      });
    }
    template.hasResourceProperties("AWS::SNS::Topic", { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
    template.resourceCountIs("AWS::CloudWatch::Dashboard", 1);
    const [{ Properties } = expect.fail()] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
    expect(JSON.stringify(Properties.DashboardBody)).toContain("ProcessingEfficiency");
  });

  test("leaves nothing when the stack goes, full buckets included, and nothing of it is public", () => {
    for (const [type, resources] of Object.entries(byType(template))) {
      for (const resource of resources) {
        expect(resource.DeletionPolicy ?? "Delete", type).toBe("Delete");
      }
    }
    template.resourceCountIs("Custom::S3AutoDeleteObjects", 1);
    expect(Object.keys(byType(template)).filter((type) => /ApiGateway|Url$|LoadBalanc/.test(type))).toEqual([]);
  });

  test("gives each function a role that may do what it does, by name", () => {
    const statements = Object.values(template.findResources("AWS::IAM::Policy"))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify([statement.Action, statement.Resource]).includes("*"));
    // The archive's two prefixes, traces, and CloudWatch's numbers and X-Ray's segments, which take no resource.
    for (const { Action, Resource } of statements) {
      expect(JSON.stringify([Action, Resource])).toMatch(
        /archive\/\*.*bodies\/\*|cloudwatch:GetMetricData|xray:PutTraceSegments/,
      );
    }
    const ofProcessor = template.findResources("AWS::IAM::Policy", {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp("^ProcessorHandlerRole") }] },
    });
    const actions = Object.values(ofProcessor)
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Resource }) => JSON.stringify(Resource).includes("OrderTable"))
      .flatMap(({ Action }) => Action);
    expect(actions).toEqual(["dynamodb:GetItem", "dynamodb:PutItem"]);
  });

  test("is tagged for its costs", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      Tags: Match.arrayWith([
        { Key: "CostCenter", Value: "fifo-processing" },
        { Key: "Project", Value: "fifo-processing" },
      ]),
    });
  });
});

describe("a switch or a key of cdk.json", () => {
  test("projectName begins every name", () => {
    const desk = Template.fromStack(define({ projectName: "desk-1" }));
    expect(functionsOf(desk)).toEqual(["desk-1-message-processor", "desk-1-message-replay", "desk-1-poison-handler"]);
    expect(JSON.stringify(desk.toJSON())).not.toContain("fifo-processing");
  });

  test("enableMessageReplay false leaves the replay out", () => {
    const without = Template.fromStack(define({ enableMessageReplay: false }));
    expect(functionsOf(without)).toEqual(["fifo-processing-message-processor", "fifo-processing-poison-handler"]);
    expect(outputsOf(without)).toEqual(EIGHT_OUTPUTS.filter((name) => name !== "MessageReplayFunctionName"));
  });

  test("enablePoisonMessageHandling false leaves dead letters in their queue, with an alarm, and nothing to replay", () => {
    const changed = define({ enablePoisonMessageHandling: false });
    const without = Template.fromStack(changed);
    expect(functionsOf(without)).toEqual(["fifo-processing-message-processor"]);
    expect(outputsOf(without)).toEqual(EIGHT_OUTPUTS.filter((name) => !/Archive|Poison|Replay/.test(name)));
    without.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      AlarmActions: [{ Ref: Match.stringLikeRegexp("Alerts") }],
    });
    Annotations.fromStack(changed).hasWarning("*", Match.stringLikeRegexp("nothing is archived that a replay could"));
  });

  test("enableDeadLetterQueues false leaves out what works on dead letters, and says so", () => {
    const changed = define({ enableDeadLetterQueues: "false" });
    const without = Template.fromStack(changed);
    expect(functionsOf(without)).toEqual(["fifo-processing-message-processor"]);
    without.resourcePropertiesCountIs("AWS::SQS::Queue", { RedrivePolicy: Match.anyValue() }, 0);
    without.hasResourceProperties("AWS::SQS::Queue", { FifoQueue: true, VisibilityTimeout: 300 });
    expect(outputsOf(without)).toEqual(EIGHT_OUTPUTS.filter((name) => !/Archive|Dead|Poison|Replay/.test(name)));
    Annotations.fromStack(changed).hasWarning("*", Match.stringLikeRegexp("`enableDeadLetterQueues` is false"));
  });

  test("onPoison says whether the processor holds groups, which takes the poison handler's store", () => {
    const holds = (changes: Record<string, unknown>): boolean =>
      JSON.stringify(Template.fromStack(define(changes)).toJSON()).includes("RELIQ_QUARANTINE_TABLE");
    expect(holds({})).toBe(true);
    expect(holds({ onPoison: "skip" })).toBe(false);
    expect(holds({ enablePoisonMessageHandling: false })).toBe(false);
  });

  test("enableRecoveryApi adds an address for reliq, behind IAM", () => {
    const changed = Template.fromStack(define({ enableRecoveryApi: true }));
    expect(outputsOf(changed)).toHaveLength(9);
    changed.hasResourceProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "AWS_IAM" });
  });

  test("of queue and functions takes effect", () => {
    const changed = Template.fromStack(
      define({
        fifoQueueConfiguration: {
          contentBasedDeduplication: true,
          deduplicationScope: "queue",
          throughputLimit: "perQueue",
          maxReceiveCount: 5,
          visibilityTimeoutSeconds: 600,
          messageRetentionPeriodDays: 4,
        },
        lambdaConfiguration: {
          runtime: "nodejs22.x",
          timeout: 60,
          memorySize: 1_024,
          reservedConcurrency: 20,
          logRetentionDays: 30,
        },
      }),
    );
    changed.hasResourceProperties("AWS::SQS::Queue", {
      ContentBasedDeduplication: true,
      DeduplicationScope: "queue",
      FifoThroughputLimit: "perQueue",
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
      VisibilityTimeout: 600,
      MessageRetentionPeriod: 345_600,
    });
    changed.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "fifo-processing-message-processor",
      Runtime: "nodejs22.x",
      Timeout: 60,
      MemorySize: 1_024,
      ReservedConcurrentExecutions: 20,
    });
    changed.hasResourceProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
  });
});

test("the only warning is that visibility equals the timeout, and the CDK's check against CloudFormation's schemas and the AwsSolutions pack pass", () => {
  const warnings = Annotations.fromStack(stack).findWarning("*", Match.anyValue());
  expect(warnings.map(({ entry }) => entry.data)).toEqual([expect.stringContaining("below six times that")]);
  const checked = defineApp({ "@aws-cdk/core:strictCfnValidateErrors": true, enableRecoveryApi: true }, true);
  defineOrderedTrading(checked);
  Validations.of(checked).addPlugins(new AwsSolutionsChecks(checked));
  expect(() => checked.synth()).not.toThrow();
}, 600_000);

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
}

function byType(of: Template): Readonly<Record<string, readonly Resource[]>> {
  const resources = Object.values(of.toJSON()["Resources"]) as readonly Resource[];
  return Object.groupBy(resources, ({ Type }) => Type) as Record<string, Resource[]>;
}
