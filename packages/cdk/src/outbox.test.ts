import { Duration, type Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { AttributeType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";
import { describe, expect, test } from "vitest";
import { allowed, testStack } from "../test/definition.ts";
import { LargeBodies } from "./large-bodies.ts";
import { Outbox, type OutboxProps } from "./outbox.ts";
import { ReliableQueue } from "./reliable-queue.ts";

function define(props: Partial<OutboxProps> = {}, stream: StreamViewType | null = StreamViewType.NEW_IMAGE): Stack {
  const stack = testStack();
  const partitionKey = { name: "pk", type: AttributeType.STRING };
  const table = new Table(stack, "Orders", { partitionKey, ...(stream && { stream }) });
  const queue = new ReliableQueue(stack, "Placed");
  const largeBodies = props.largeBodies && new LargeBodies(stack, "Bodies");
  const bodies = largeBodies ? { largeBodies } : {};
  new Outbox(stack, "Outbox", { entry: import.meta.filename, table, queue, ...props, ...bodies });
  return stack;
}

describe("Outbox", () => {
  test("reads the stream from its beginning, comes back with the record that failed, and names what it gave up", () => {
    const template = Template.fromStack(define({ retryAttempts: 20, maxRecordAge: Duration.hours(12) }));
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("Orders"), "StreamArn"] },
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 43_200,
      DestinationConfig: {
        OnFailure: { Destination: { "Fn::GetAtt": [Match.stringLikeRegexp("OutboxUnsent"), "Arn"] } },
      },
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      Timeout: 30,
      Environment: { Variables: { RELIQ_QUEUE_URL: { Ref: Match.stringLikeRegexp("PlacedQueue") } } },
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      Dimensions: [{ Value: { "Fn::GetAtt": [Match.stringLikeRegexp("OutboxUnsent"), "QueueName"] } }],
      Threshold: 0,
    });
  });

  test("may read its stream, send to its queue, name what it gave up and log, and nothing else", () => {
    const arnOf = (name: string, of = "Arn"): unknown => ({ "Fn::GetAtt": [expect.stringContaining(name), of] });
    expect(allowed(define())).toEqual([
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resource: arnOf("Log") },
      {
        actions: [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ],
        resource: arnOf("Orders", "StreamArn"),
      },
      { actions: "sqs:SendMessage", resource: arnOf("PlacedQueue") },
      { actions: "sqs:SendMessage", resource: arnOf("OutboxUnsent") },
    ]);
  });

  test("may store large bodies, and knows where, only where it is asked to", () => {
    const stack = define({ largeBodies: {} as LargeBodies });
    expect(allowed(stack)).toContainEqual({ actions: "s3:PutObject", resource: expect.anything() });
    Template.fromStack(stack).hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { RELIQ_LARGE_BODIES_BUCKET: { Ref: Match.stringLikeRegexp("BodiesBucket") } } },
    });
  });

  test("refuses a table without a stream", () => {
    expect(() => define({}, null)).toThrow(
      "Outbox Test/Outbox: prop `table` is an object; it takes a table with a stream: set `stream: StreamViewType.NEW_IMAGE`.",
    );
  });

  test.each<[Partial<OutboxProps>, string]>([
    [{ batchSize: 10_001 }, "`batchSize` is 10001; it takes a whole number from 1 to 10000."],
    [{ maxRecordAge: Duration.seconds(59) }, "`maxRecordAge` is 59 seconds; it takes a Duration"],
    [{ environment: { RELIQ_QUEUE_URL: "x" } }, "`environment` is an object; it takes names"],
    [{ filters: [] } as Partial<OutboxProps>, "`filters` is a list; there is no such prop"],
  ])("refuses %j with what it takes", (props, message) => {
    expect(() => define(props)).toThrow(`Outbox Test/Outbox: prop ${message}`);
  });
});
