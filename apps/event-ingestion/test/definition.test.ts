import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, test } from "vitest";
import { defineEventIngestion, type Stacks } from "../stacks.ts";

const outdir = mkdtempSync(join(tmpdir(), "event-ingestion-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const { context } = JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8")) as {
  readonly context: Record<string, unknown>;
};

/** Defines the system without building its bundles: the journey test runs those. */
function defineApp(changes: Record<string, unknown>, builtinCloudFormationValidation = false): App {
  return new App({
    builtinCloudFormationValidation,
    outdir: mkdtempSync(join(outdir, "cdk.out-")),
    context: { ...context, "aws:cdk:bundling-stacks": [], ...changes },
  });
}

function define(changes: Record<string, unknown> = {}): Stacks {
  return defineEventIngestion(defineApp(changes));
}

const stacks = define();
const queue = Template.fromStack(stacks.queue);
const functions = Template.fromStack(stacks.functions);
const api = Template.fromStack(stacks.api);
const observability = Template.fromStack(stacks.observability);

describe("the definition of event-ingestion", () => {
  test("has a queue with the settings of cdk.json and a dead-letter queue, encrypted", () => {
    const encrypted = { SqsManagedSseEnabled: true };
    queue.hasResourceProperties("AWS::SQS::Queue", {
      ...encrypted,
      QueueName: "ingestion-dev-events",
      VisibilityTimeout: 180,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
    queue.hasResourceProperties("AWS::SQS::Queue", { ...encrypted, QueueName: "ingestion-dev-events-dlq" });
    queue.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "devops@example.com" });
  });

  test("has three functions with a role each, and a worker that answers for each message of a batch", () => {
    for (const name of ["ingest", "worker", "redrive"]) {
      functions.hasResourceProperties("AWS::Lambda::Function", { FunctionName: `ingestion-dev-${name}` });
    }
    functions.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      FunctionName: { Ref: Match.stringLikeRegexp("Worker") },
    });
    functions.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "ingestion-dev-worker",
      Timeout: 30,
      Environment: { Variables: Match.objectLike({ TTL_SECONDS: "604800" }) },
    });
  });

  test("has an API of which the redrives are signed, a throttle and CORS; its URL is an output", () => {
    for (const [RouteKey, AuthorizationType] of [
      ["GET /health", "NONE"],
      ["POST /events", "NONE"],
      ["GET /redrive/preview", "AWS_IAM"],
      ["POST /redrive/start", "AWS_IAM"],
    ]) {
      api.hasResourceProperties("AWS::ApiGatewayV2::Route", { RouteKey, AuthorizationType });
    }
    api.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingRateLimit: 1000, ThrottlingBurstLimit: 2000 },
    });
    api.hasResourceProperties("AWS::ApiGatewayV2::Api", {
      CorsConfiguration: Match.objectLike({ AllowOrigins: ["*"] }),
    });
    api.hasOutput("ApiUrl", {});
  });

  test("has an event bus whose events all go to a topic, and a parameter for the failure mode, `none` at first", () => {
    queue.hasResourceProperties("AWS::Events::Rule", {
      EventBusName: { Ref: Match.stringLikeRegexp("Bus") },
      EventPattern: { source: ["event-ingestion"] },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp("Notifications") } })],
    });
    queue.hasResourceProperties("AWS::SSM::Parameter", { Name: "/ingestion/failure_mode", Value: "none" });
  });

  test("has the routes of the OpenAPI document, and no other", () => {
    const routes = Object.values(api.findResources("AWS::ApiGatewayV2::Route")).map(
      ({ Properties }) => Properties.RouteKey as string,
    );
    const { paths } = JSON.parse(readFileSync(join(import.meta.dirname, "../openapi.json"), "utf8")) as {
      readonly paths: Record<string, object>;
    };
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.sort()).toEqual(documented.sort());
  });

  test("has the dashboard, and alarms that tell the topic", () => {
    observability.hasResourceProperties("AWS::CloudWatch::Dashboard", { DashboardName: "IngestionLab-dev" });
    const alarms = Object.values(observability.findResources("AWS::CloudWatch::Alarm"));
    expect(alarms.length).toBeGreaterThan(9);
    for (const { Properties } of alarms) {
      expect(Properties.AlarmActions).toHaveLength(1);
      expect(Properties.AlarmDescription).toMatch(/^(Critical|Warning): /);
    }
  });

  test("allows the functions nothing by wildcard but the archive's two prefixes, and metrics and traces, which have no ARNs", () => {
    const statements = Object.values(functions.findResources("AWS::IAM::Policy"))
      .filter(({ Properties }) => !JSON.stringify(Properties.Roles).includes("CustomS3AutoDelete"))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify([statement.Action, statement.Resource]).includes("*"))
      .filter(({ Action }) => JSON.stringify(Action) !== '["xray:PutTraceSegments","xray:PutTelemetryRecords"]');
    const [archive, ...others] = statements;
    expect(JSON.stringify(archive)).toMatch(/archive\/\*.*bodies\/\*/);
    expect(others).toMatchObject([{ Action: "cloudwatch:GetMetricData", Resource: "*" }]);
  });

  test("encrypts queues and tables with a key of the account's own where it is asked to, and goes by the other settings", () => {
    const changed = define({ useKmsCmk: "true", envName: "prod", reservedConcurrency: "4", batchSize: 5 });
    const kept = Template.fromStack(changed.queue);
    const tables = Object.values(kept.findResources("AWS::DynamoDB::Table"));
    expect(tables.map(({ Properties }) => Properties.SSESpecification?.SSEType)).toEqual(["KMS", "KMS", "KMS"]);
    for (const { Properties } of Object.values(kept.findResources("AWS::SQS::Queue"))) {
      expect(Properties.KmsMasterKeyId).toBeDefined();
    }
    const made = Template.fromStack(changed.functions);
    made.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "ingestion-prod-worker",
      ReservedConcurrentExecutions: 4,
    });
    made.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 5,
      ScalingConfig: { MaximumConcurrency: 4 },
    });
  });

  test("has nothing that a construct warns of, and passes the CDK's check against CloudFormation's schemas and the AwsSolutions pack", () => {
    for (const stack of Object.values(stacks)) Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
    const checked = defineApp({ "@aws-cdk/core:strictCfnValidateErrors": true, useKmsCmk: true }, true);
    defineEventIngestion(checked);
    Validations.of(checked).addPlugins(new AwsSolutionsChecks(checked));
    expect(() => checked.synth()).not.toThrow();
  }, 600_000);
});

describe("a setting that cannot be", () => {
  test.each([
    [{ envName: "test" }, /`envName` is "test"; it takes dev, staging or prod/],
    [{ queueVisibilitySeconds: 59 }, /`queueVisibilitySeconds` is 59 .* at least 60/],
    [{ batchSize: 100 }, /`batchingWindowSeconds` 0: .* at least 1 second/],
    [
      { alarmEmail: "nobody", ttlDays: 0 },
      /`alarmEmail` is "nobody".*`ttlDays` is 0; it takes a whole number from 1 to 366/,
    ],
    [{ corsOrigins: ["shop.example"] }, /`corsOrigins\.0` is "shop\.example"/],
    [{ maxReceiveCount: undefined }, /`maxReceiveCount` is missing/],
  ])("is refused with its key: %j", (changes, message) => {
    expect(() => define(changes)).toThrow(message);
  });
});
