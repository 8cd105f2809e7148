import { Duration, type Stack } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { Key } from "aws-cdk-lib/aws-kms";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, expect, test } from "vitest";
import { allowed, testStack } from "../test/definition.ts";
import { Consumer, type ConsumerProps } from "./consumer.ts";
import { Journal } from "./journal.ts";
import { ReliableQueue, type ReliableQueueProps } from "./reliable-queue.ts";

function define(props: Partial<ConsumerProps> = {}, queueProps: ReliableQueueProps = {}): Stack {
  const stack = testStack();
  const queue = new ReliableQueue(stack, "Orders", queueProps);
  const journal = new Journal(stack, "Journal");
  new Consumer(stack, "Consumer", { entry: import.meta.filename, queue, journal, ...props });
  return stack;
}

const JOURNAL_ACTIONS = ["dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate", "dynamodb:BatchGetItem"];

const arnOf = (logicalId: string): unknown => ({ "Fn::GetAtt": [expect.stringContaining(logicalId), "Arn"] });

describe("Consumer", () => {
  test("reports the failed messages of a batch one by one, and has a sixth of the visibility timeout for it", () => {
    const template = Template.fromStack(define({ functionName: "orders", maximumConcurrency: 7 }));
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      EventSourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("OrdersQueue"), "Arn"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 7 },
      FilterCriteria: Match.absent(),
    });
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "orders",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Timeout: 5,
      MemorySize: 512,
    });
  });

  test("tells the function its journal, its queue and its receive limit", () => {
    Template.fromStack(define({ environment: { STAGE: "test" } }, { maxReceiveCount: 7 })).hasResourceProperties(
      "AWS::Lambda::Function",
      {
        Environment: {
          Variables: {
            STAGE: "test",
            RELIQ_JOURNAL_TABLE: { Ref: Match.stringLikeRegexp("JournalTable") },
            RELIQ_QUEUE_URL: { Ref: Match.stringLikeRegexp("OrdersQueue") },
            RELIQ_MAX_RECEIVE_COUNT: "7",
            RELIQ_DEAD_LETTER_QUEUE_URL: Match.absent(),
          },
        },
      },
    );
  });

  test("keeps its log for a month, in its function's own log group", () => {
    const template = Template.fromStack(define({ functionName: "orders" }));
    template.hasResourceProperties("AWS::Logs::LogGroup", { LogGroupName: "/aws/lambda/orders", RetentionInDays: 30 });
    template.hasResourceProperties("AWS::Lambda::Function", {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp("Log") } },
    });
  });

  test("may do what its path needs on its own queue, journal and log, and nothing else", () => {
    const stack = define();
    expect(allowed(stack)).toEqual([
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resource: arnOf("Log") },
      {
        actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
        resource: arnOf("OrdersQueue"),
      },
      { actions: JOURNAL_ACTIONS, resource: arnOf("JournalTable") },
    ]);
    Template.fromStack(stack).hasResourceProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() });
  });

  test("is traced, and may send what it traces, only where it is asked to", () => {
    const xray = { actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resource: "*" };
    const traced = define({ tracing: "active" });
    Template.fromStack(traced).hasResourceProperties("AWS::Lambda::Function", { TracingConfig: { Mode: "Active" } });
    expect(allowed(traced)).toContainEqual(xray);
    const untraced = define({ tracing: "off" });
    Template.fromStack(untraced).hasResourceProperties("AWS::Lambda::Function", { TracingConfig: Match.absent() });
    expect(allowed(untraced)).not.toContainEqual(xray);
    expect(() => define({ tracing: "on" as never })).toThrow(/`tracing`.*"active" or "off"/);
  });

  test("may send to the dead-letter queue, and knows it, only where it fails fast", () => {
    const stack = define({ failFast: true });
    expect(allowed(stack)).toContainEqual({ actions: "sqs:SendMessage", resource: arnOf("OrdersDeadLetters") });
    Template.fromStack(stack).hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: { RELIQ_DEAD_LETTER_QUEUE_URL: { Ref: Match.stringLikeRegexp("DeadLetters") } } },
    });
  });

  test("may write claims in transactions only where its effects are transactional", () => {
    expect(allowed(define({ effect: "transactional" }))).toContainEqual({
      actions: [...JOURNAL_ACTIONS, "dynamodb:PutItem", "dynamodb:UpdateItem"],
      resource: arnOf("JournalTable"),
    });
  });

  test.each<[string, Partial<ConsumerProps>, string]>([
    [
      "a batch over ten",
      { batchSize: 11, maxBatchingWindow: Duration.seconds(1) },
      "`batchSize` is 11; on a FIFO queue it takes 10 at most.",
    ],
    [
      "a batching window",
      { maxBatchingWindow: Duration.seconds(1) },
      "`maxBatchingWindow` is 1 second; Lambda has none for FIFO queues; leave it out.",
    ],
  ])("refuses %s on a FIFO queue", (_, props, message) => {
    expect(() => define(props, { fifo: true })).toThrow(`Consumer Test/Consumer: prop ${message}`);
  });

  test("reads a FIFO queue", () => {
    Template.fromStack(define({ maxBatchingWindow: Duration.seconds(0) }, { fifo: true })).hasResourceProperties(
      "AWS::Lambda::EventSourceMapping",
      { BatchSize: 10, FunctionResponseTypes: ["ReportBatchItemFailures"] },
    );
  });

  test("may decrypt what a key of yours has encrypted", () => {
    const stack = testStack();
    const queue = new ReliableQueue(stack, "Orders", { encryptionKey: new Key(stack, "Key") });
    new Consumer(stack, "Consumer", { entry: import.meta.filename, queue, journal: new Journal(stack, "Journal") });
    expect(allowed(stack)).toContainEqual({ actions: "kms:Decrypt", resource: arnOf("Key") });
  });

  test("reads a queue that was there before", () => {
    const stack = testStack();
    const queueArn = "arn:aws:sqs:us-east-1:111111111111:old-orders";
    const queue = {
      queue: Queue.fromQueueArn(stack, "Old", queueArn),
      visibilityTimeout: Duration.minutes(3),
      maxReceiveCount: 5,
    };
    const journal = new Journal(stack, "Journal");
    new Consumer(stack, "Consumer", { entry: import.meta.filename, queue, journal });
    const template = Template.fromStack(stack);
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", { EventSourceArn: queueArn });
    template.hasResourceProperties("AWS::Lambda::Function", { Timeout: 30 });
    expect(() => {
      new Consumer(stack, "Fast", { entry: import.meta.filename, queue, journal, failFast: true });
    }).toThrow("Consumer Test/Fast: prop `failFast` is true; it takes a queue with a `deadLetterQueue`");
  });

  test.each<[string, Partial<ConsumerProps>, string]>([
    [
      "a timeout over the visibility timeout",
      { timeout: Duration.seconds(31) },
      "`timeout` is 31 seconds; the queue's visibility timeout is 30 seconds: messages would be received again while they are being processed. Lower `timeout`, or raise the queue's `visibilityTimeout` to 186 seconds.",
    ],
    [
      "event filters, because they delete what they reject (complaint 16)",
      { filters: [{ body: ["x"] }] } as Partial<ConsumerProps>,
      "`filters` is a list; an event filter deletes every message that it rejects, without a trace.",
    ],
    [
      "a concurrency of one",
      { maximumConcurrency: 1 },
      "`maximumConcurrency` is 1; it takes a whole number from 2 to 1000.",
    ],
    [
      "a large batch without a window",
      { batchSize: 11 },
      "`batchSize` is 11; over 10 it takes a `maxBatchingWindow` of at least 1 second.",
    ],
    [
      "a window over five minutes",
      { maxBatchingWindow: Duration.minutes(6) },
      "`maxBatchingWindow` is 6 minutes; it takes a Duration of whole seconds from 0 seconds to 5 minutes.",
    ],
    [
      "a module that is not there",
      { entry: "/nowhere/orders.ts" },
      '`entry` is "/nowhere/orders.ts"; it takes the path of a module that is there',
    ],
    [
      "an effect that is none",
      { effect: "some" } as unknown as Partial<ConsumerProps>,
      '`effect` is "some"; it takes "any" or "transactional".',
    ],
    ["an option that is none", { retries: 3 } as Partial<ConsumerProps>, "`retries` is 3; there is no such prop"],
    [
      "a variable of its own",
      { environment: { RELIQ_JOURNAL_TABLE: "x" } },
      "`environment` is an object; it takes names",
    ],
  ])("refuses %s, with its value and the fix", (_, props, message) => {
    expect(() => define(props)).toThrow(`Consumer Test/Consumer: prop ${message}`);
  });

  test("takes a large batch with a window", () => {
    Template.fromStack(define({ batchSize: 100, maxBatchingWindow: Duration.seconds(1) })).hasResourceProperties(
      "AWS::Lambda::EventSourceMapping",
      { BatchSize: 100, MaximumBatchingWindowInSeconds: 1 },
    );
  });

  test.each<[string, Partial<ConsumerProps>, ReliableQueueProps, string]>([
    ["a visibility timeout below six timeouts", { timeout: Duration.seconds(6) }, {}, "to 36 seconds"],
    [
      "few receives under a reserved concurrency, where throttles burn them",
      { reservedConcurrency: 5 },
      { maxReceiveCount: 4 },
      "a throttled invocation burns a receive",
    ],
  ])("warns of %s", (_, props, queueProps, message) => {
    Annotations.fromStack(define(props, queueProps)).hasWarning("/Test/Consumer", Match.stringLikeRegexp(message));
  });

  test.each<[string, Partial<ConsumerProps>, ReliableQueueProps]>([
    ["exactly six timeouts", { timeout: Duration.seconds(5) }, {}],
    ["few receives where nothing throttles", {}, { maxReceiveCount: 2 }],
    [
      "few receives where the event source stays within the reserved concurrency",
      { reservedConcurrency: 5, maximumConcurrency: 5 },
      { maxReceiveCount: 2 },
    ],
  ])("does not warn of %s", (_, props, queueProps) => {
    Annotations.fromStack(define(props, queueProps)).hasNoWarning("*", Match.anyValue());
  });
});
