import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { afterAll, expect, test } from "vitest";
import { defineOrderProcessing } from "../stack.ts";

const outdir = mkdtempSync(join(tmpdir(), "order-processing-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8")) as {
  readonly context: Record<string, unknown>;
};

/** Defines the system without building its bundles: the journey test runs those. */
function define(changes: Record<string, unknown> = {}, builtinCloudFormationValidation = false) {
  const app = new App({
    builtinCloudFormationValidation,
    outdir: mkdtempSync(join(outdir, "cdk.out-")),
    context: { ...context, "aws:cdk:bundling-stacks": [], ...changes },
  });
  return { app, stack: defineOrderProcessing(app) };
}

const { stack } = define();
const template = Template.fromStack(stack);

const DAY = 86_400;
const ROWS = [
  ["orders", { VisibilityTimeout: 300, MessageRetentionPeriod: 14 * DAY, ReceiveMessageWaitTimeSeconds: 20 }, 3],
  [
    "priority-orders",
    {
      FifoQueue: true,
      VisibilityTimeout: 120,
      ContentBasedDeduplication: true,
      DeduplicationScope: "messageGroup",
      FifoThroughputLimit: "perMessageGroupId",
    },
    3,
  ],
  ["large-orders", { VisibilityTimeout: 300 }, 3],
  ["payments", { VisibilityTimeout: 600 }, 5],
  ["inventory", { FifoQueue: true }, 3],
  ["shipping", {}, 3],
  ["notifications", { VisibilityTimeout: 60 }, 2],
] as const;

test.each(ROWS)(
  "the queue of %s is as it is described, and its dead-letter queue keeps messages for 14 days",
  (name, properties, maxReceiveCount) => {
    const end = "FifoQueue" in properties ? ".fifo" : "";
    template.hasResourceProperties("AWS::SQS::Queue", {
      ...properties,
      QueueName: `order-processing-${name}${end}`,
      RedrivePolicy: { maxReceiveCount, deadLetterTargetArn: Match.anyValue() },
    });
    template.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: `order-processing-${name}-dlq${end}`,
      MessageRetentionPeriod: 14 * DAY,
    });
  },
);

test("there are four topics, and what is critical goes to a phone", () => {
  for (const name of ["order-status", "payment-notifications", "inventory-alerts", "system-health"]) {
    template.hasResourceProperties("AWS::SNS::Topic", { TopicName: `order-processing-${name}` });
  }
  template.hasResourceProperties("AWS::SNS::Subscription", {
    Protocol: "sms",
    Endpoint: "+15550100",
    FilterPolicy: { severity: ["critical"] },
  });
});

test("the seven consumers and recovery answer for parts of a batch", () => {
  template.resourcePropertiesCountIs(
    "AWS::Lambda::EventSourceMapping",
    { FunctionResponseTypes: ["ReportBatchItemFailures"], BatchSize: 10 },
    9,
  );
  template.hasResourceProperties("AWS::DynamoDB::Table", { TableName: "order-processing-failures" });
});

test("a configuration that lacks something is refused, and named", () => {
  expect(() => define({ gatewayUrl: "ftp://gateway", sender: "nobody" })).toThrow(
    '`sender` is "nobody"; it takes an e-mail address; `gatewayUrl` is "ftp://gateway"; it takes an address',
  );
});

test("its template is one that CloudFormation takes", () => {
  const { app, stack: checked } = define({}, true);
  app.synth();
  Annotations.fromStack(checked).hasNoError("*", Match.anyValue());
}, 120_000);
