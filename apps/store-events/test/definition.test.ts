import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type Stack, Validations } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, test } from "vitest";
import { defineStoreEvents } from "../stacks.ts";

const QUEUES = "sqs-message-producer-ingestor-stack";
const CONSUMER = "reliable-sqs-with-dlq-stack";

const outdir = mkdtempSync(join(tmpdir(), "store-events-"));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Defines the system without building its bundles: the journey test runs those. */
function defineApp(context: Record<string, unknown> = {}, builtinCloudFormationValidation = false): App {
  const app = new App({
    builtinCloudFormationValidation,
    outdir: mkdtempSync(join(outdir, "cdk.out-")),
    context: { "aws:cdk:bundling-stacks": [], "@aws-cdk/core:defaultCrossStackReferences": "strong", ...context },
  });
  defineStoreEvents(app);
  return app;
}

function stackOf(app: App, name: string): Stack {
  return app.node.findChild(name) as Stack;
}

const app = defineApp();
const queues = Template.fromStack(stackOf(app, QUEUES));
const consumer = Template.fromStack(stackOf(app, CONSUMER));

describe("the definition of store-events", () => {
  test("has the queue that gives up after two receives of six seconds, into its dead-letter queue", () => {
    queues.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "reliable_q",
      VisibilityTimeout: 6,
      RedrivePolicy: {
        maxReceiveCount: 2,
        deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("DeadLetters"), "Arn"] },
      },
    });
    queues.hasResourceProperties("AWS::SQS::Queue", { QueueName: "dlq_for_reliable_q", RedrivePolicy: Match.absent() });
    queues.resourceCountIs("AWS::SQS::Queue", 2);
  });

  test("raises an alarm on the first message in the dead-letter queue", () => {
    queues.hasResourceProperties("AWS::CloudWatch::Alarm", {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [
        { Name: "QueueName", Value: { "Fn::GetAtt": [Match.stringLikeRegexp("DeadLetters"), "QueueName"] } },
      ],
      Threshold: 0,
    });
  });

  test("reads the queue of the other stack with partial batch responses, six times faster than it hides messages", () => {
    consumer.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "reliable_queue_consumer_reliable-sqs-with-dlq-stack",
      Timeout: 1,
    });
    consumer.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      EventSourceArn: { "Fn::ImportValue": Match.stringLikeRegexp(`^${QUEUES}:`) },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  });

  test("gives the queue's URL and the functions' names", () => {
    queues.hasOutput("ReliableMessageQueue", { Value: { Ref: Match.stringLikeRegexp("StoreEventsQueue") } });
    queues.hasOutput("SqsDataProducer", { Value: { Ref: Match.stringLikeRegexp("ProducerFunction") } });
    consumer.hasOutput("msgConsumer", { Value: { Ref: Match.stringLikeRegexp("HandlerFunction") } });
  });

  test("allows nothing by wildcard", () => {
    const statements = [queues, consumer]
      .flatMap((template) => Object.values(template.toJSON()["Resources"]))
      .flatMap((resource) => (resource as Resource).Properties?.PolicyDocument?.Statement ?? [])
      .filter((statement) => statement.Effect === "Allow");
    expect(statements.length).toBeGreaterThan(4);
    for (const statement of statements) expect(JSON.stringify(statement)).not.toContain("*");
    for (const template of [queues, consumer]) {
      template.hasResourceProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() });
    }
  });

  test("lies in us-east-1, or where the context says", () => {
    expect(stackOf(app, QUEUES).region).toBe("us-east-1");
    expect(stackOf(defineApp({ region: "eu-west-1" }), CONSUMER).region).toBe("eu-west-1");
  });

  test("has nothing that a construct warns of", () => {
    for (const name of [QUEUES, CONSUMER]) {
      Annotations.fromStack(stackOf(app, name)).hasNoWarning("*", Match.anyValue());
    }
  });

  test("passes the CDK's check against CloudFormation's schemas and rules, and the AwsSolutions pack", () => {
    const checked = defineApp({ "@aws-cdk/core:strictCfnValidateErrors": true }, true);
    Validations.of(checked).addPlugins(new AwsSolutionsChecks(checked));
    expect(() => checked.synth()).not.toThrow();
  }, 600_000);
});

interface Resource {
  readonly Properties?: { readonly PolicyDocument?: { readonly Statement: readonly { readonly Effect: string }[] } };
}
