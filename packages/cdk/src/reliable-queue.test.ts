import { App, Duration, Stack } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { DeduplicationScope, FifoThroughputLimit } from "aws-cdk-lib/aws-sqs";
import { describe, expect, test } from "vitest";
import { ReliableQueue, type ReliableQueueProps } from "./reliable-queue.ts";

function define(props?: ReliableQueueProps): { stack: Stack; orders: ReliableQueue; template: () => Template } {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Test");
  return { stack, orders: new ReliableQueue(stack, "Orders", props), template: () => Template.fromStack(stack) };
}

describe("ReliableQueue", () => {
  test("is a queue that gives up after five receives, into a dead-letter queue that keeps for 14 days", () => {
    const template = define().template();
    template.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 30,
      ReceiveMessageWaitTimeSeconds: 20,
      MessageRetentionPeriod: 345_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        maxReceiveCount: 5,
        deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("DeadLetters"), "Arn"] },
      },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: Match.absent(),
    });
  });

  test("takes names, limits and times", () => {
    const template = define({
      queueName: "orders",
      deadLetterQueueName: "dead-orders",
      maxReceiveCount: 3,
      visibilityTimeout: Duration.minutes(5),
      retentionPeriod: Duration.days(2),
      deadLetterRetentionPeriod: Duration.days(3),
      receiveMessageWaitTime: Duration.seconds(0),
    }).template();
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "orders",
      VisibilityTimeout: 300,
      MessageRetentionPeriod: 172_800,
      ReceiveMessageWaitTimeSeconds: 0,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 3 }),
    });
    template.hasResourceProperties("AWS::SQS::Queue", { QueueName: "dead-orders", MessageRetentionPeriod: 259_200 });
  });

  test("is FIFO with a FIFO dead-letter queue, whose retention counts from the move", () => {
    const { stack, template } = define({
      fifo: true,
      queueName: "orders.fifo",
      deadLetterQueueName: "dead-orders.fifo",
      contentBasedDeduplication: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      retentionPeriod: Duration.days(14),
      deadLetterRetentionPeriod: Duration.days(4),
      deadLetterVisibilityTimeout: Duration.minutes(1),
    });
    template().hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "orders.fifo",
      FifoQueue: true,
      ContentBasedDeduplication: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    });
    template().hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "dead-orders.fifo",
      FifoQueue: true,
      MessageRetentionPeriod: 345_600,
      ContentBasedDeduplication: Match.absent(),
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
      VisibilityTimeout: 60,
    });
    Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
  });

  test("is FIFO without a name too", () => {
    define({ fifo: true })
      .template()
      .resourcePropertiesCountIs("AWS::SQS::Queue", { FifoQueue: true, QueueName: Match.absent() }, 2);
  });

  test("refuses any connection without TLS, on both queues", () => {
    const template = define().template();
    const policies = Object.values(template.findResources("AWS::SQS::QueuePolicy"));
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      expect(policy["Properties"].PolicyDocument.Statement).toEqual([
        expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      ]);
    }
  });

  test("is in alarm while a message is in the dead-letter queue, and not where nothing is measured", () => {
    define()
      .template()
      .hasResourceProperties("AWS::CloudWatch::Alarm", {
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        Dimensions: [
          { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("DeadLetters"), "QueueName"] } },
        ],
        Threshold: 0,
        ComparisonOperator: "GreaterThanThreshold",
        Period: 60,
        EvaluationPeriods: 1,
        TreatMissingData: "notBreaching",
      });
  });

  test("lets a producer send, and nothing else", () => {
    const { stack, orders, template } = define();
    orders.grantSend(new Role(stack, "Producer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
    template().hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: [
          {
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Resource: { "Fn::GetAtt": [Match.stringLikeRegexp("OrdersQueue"), "Arn"] },
          },
        ],
      },
    });
  });

  test("encrypts both queues with a key of yours, which a producer may then use", () => {
    const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "Test");
    const orders = new ReliableQueue(stack, "Orders", { encryptionKey: new Key(stack, "Key") });
    orders.grantSend(new Role(stack, "Producer", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") }));
    const template = Template.fromStack(stack);
    template.resourcePropertiesCountIs("AWS::SQS::Queue", { KmsMasterKeyId: Match.anyValue() }, 2);
    template.hasResourceProperties("AWS::IAM::Policy", {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: ["kms:Decrypt", "kms:GenerateDataKey"] })]),
      },
    });
  });

  test.each<[string, ReliableQueueProps, string]>([
    [
      "a receive count of zero",
      { maxReceiveCount: 0 },
      "`maxReceiveCount` is 0; it takes a whole number from 1 to 1000.",
    ],
    ["half a receive", { maxReceiveCount: 1.5 }, "`maxReceiveCount` is 1.5; it takes a whole number from 1 to 1000."],
    [
      "a visibility timeout over 12 hours",
      { visibilityTimeout: Duration.hours(13) },
      "`visibilityTimeout` is 13 hours; it takes a Duration of whole seconds from 0 seconds to 12 hours.",
    ],
    [
      "half a second of waiting",
      { receiveMessageWaitTime: Duration.millis(500) },
      "`receiveMessageWaitTime` is 500 millis; it takes a Duration of whole seconds from 0 seconds to 20 seconds.",
    ],
    [
      "a retention over 14 days",
      { retentionPeriod: Duration.days(15) },
      "`retentionPeriod` is 15 days; it takes a Duration of whole seconds from 1 minute to 14 days.",
    ],
    ["a name for a FIFO queue", { queueName: "orders.fifo" }, '`queueName` is "orders.fifo"; it takes 1 to 80 letters'],
    [
      "a FIFO queue whose name does not say so",
      { fifo: true, queueName: "orders" },
      '`queueName` is "orders"; it takes 1 to 75 letters',
    ],
    [
      "a FIFO queue whose dead-letter queue's name does not say so",
      { fifo: true, deadLetterQueueName: "dead" },
      '`deadLetterQueueName` is "dead"; it takes 1 to 75 letters',
    ],
    [
      "deduplication on a standard queue",
      { contentBasedDeduplication: false },
      "`contentBasedDeduplication` is false; only FIFO queues have that; set `fifo: true` for one.",
    ],
    [
      "a throughput limit by group where deduplication is by queue",
      { fifo: true, fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID },
      '`fifoThroughputLimit` is "perMessageGroupId"; it takes `deduplicationScope: DeduplicationScope.MESSAGE_GROUP`.',
    ],
    [
      "a dead-letter queue that forgets before the queue does (complaint 17)",
      { deadLetterRetentionPeriod: Duration.days(4) },
      "`deadLetterRetentionPeriod` is 4 days; it must be longer than `retentionPeriod` (4 days)",
    ],
    [
      "a prop that does not exist",
      { maxReceives: 3 } as ReliableQueueProps,
      "`maxReceives` is 3; there is no such prop; the props are queueName, deadLetterQueueName",
    ],
  ])("refuses %s, with its value and the fix", (_, props, message) => {
    expect(() => define(props)).toThrow(`ReliableQueue Test/Orders: prop ${message}`);
  });

  test("warns where no retention of the dead-letter queue can be longer than the queue's", () => {
    const { stack } = define({ retentionPeriod: Duration.days(14) });
    Annotations.fromStack(stack).hasWarning("/Test/Orders", Match.stringLikeRegexp("one that dies late is deleted"));
  });

  test("has nothing to warn of by default", () => {
    Annotations.fromStack(define().stack).hasNoWarning("*", Match.anyValue());
  });
});
