import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { afterAll, describe, expect, test } from "vitest";
import { defineSelfHealing } from "../stack.ts";

const outdir = mkdtempSync(join(tmpdir(), "self-healing-"));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Defines the system without building its bundles: the journey test runs those. */
function defineApp(context: Record<string, unknown> = {}, builtinCloudFormationValidation = false): App {
  return new App({
    builtinCloudFormationValidation,
    outdir: mkdtempSync(join(outdir, "cdk.out-")),
    context: { "aws:cdk:bundling-stacks": [], ...context },
  });
}

const stack = defineSelfHealing(defineApp({ alertEmail: "ops@example.com" }));
const template = Template.fromStack(stack);

describe("the definition of self-healing", () => {
  test("is an API, a queue with its dead-letter queue, and four functions with a role each", () => {
    template.hasResourceProperties("AWS::ApiGatewayV2::Route", { RouteKey: "POST /orders" });
    template.hasResourceProperties("AWS::SQS::Queue", { RedrivePolicy: Match.objectLike({ maxReceiveCount: 2 }) });
    for (const name of ["self-healing-producer", "self-healing-consumer", "self-healing-healer"]) {
      template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: name });
    }
    template.resourceCountIs("AWS::IAM::Role", 4);
  });

  test("gives the functions their settings from the environment", () => {
    const settings = (names: readonly string[]): object => ({
      Environment: { Variables: Object.fromEntries(names.map((name) => [name, Match.anyValue()])) },
    });
    const consumer = settings(["DLQ_URL", "LOG_LEVEL"]);
    const healer = settings(["MAIN_QUEUE_URL", "ARCHIVE_BUCKET", "FAILED_TABLE", "ALERT_TOPIC_ARN", "LOG_LEVEL"]);
    template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "self-healing-consumer", ...consumer });
    template.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "self-healing-healer", ...healer });
  });

  test("raises the alarms that are asked for, and tells the topic", () => {
    for (const [MetricName, Threshold] of [
      ["DLQ_Messages_Visible", 10],
      ["Healing_Errors", 0],
      ["Consumer_Error_Rate", 5],
    ]) {
      template.hasResourceProperties("AWS::CloudWatch::Alarm", {
        Namespace: "SelfHealing",
        MetricName,
        Threshold,
        Period: 300,
        ComparisonOperator: "GreaterThanThreshold",
        AlarmActions: [{ Ref: Match.stringLikeRegexp("Alerts") }],
      });
    }
    template.hasResourceProperties("AWS::SNS::Subscription", { Protocol: "email", Endpoint: "ops@example.com" });
  });

  test("has the dashboard that lies beside it for import, with the three panels", () => {
    const body = readFileSync(join(import.meta.dirname, "../cloudwatch-dashboard.json"), "utf8");
    template.hasResourceProperties("AWS::CloudWatch::Dashboard", { DashboardBody: body });
    const { widgets } = JSON.parse(body) as { widgets: readonly { properties: { title: string } }[] };
    expect(widgets.map(({ properties }) => properties.title)).toEqual([
      "Messages Status",
      "Lambda Health",
      "Queue Depth",
    ]);
  });

  test("allows nothing by wildcard but the archive's two prefixes, and metrics and traces, which have no ARNs", () => {
    const statements = Object.values(template.findResources("AWS::IAM::Policy"))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify([statement.Action, statement.Resource]).includes("*"))
      .filter(({ Action }) => JSON.stringify(Action) !== '["xray:PutTraceSegments","xray:PutTelemetryRecords"]');
    const isOfArchive = ({ Action }: { readonly Action: unknown }): boolean => String(Action).startsWith("s3:");
    const archives = statements.filter(isOfArchive);
    expect(archives).toHaveLength(2);
    for (const each of archives) expect(JSON.stringify(each)).toMatch(/archive\/\*.*bodies\/\*/);
    const metrics = { Action: "cloudwatch:GetMetricData", Resource: "*" };
    const others = statements.filter((statement) => !isOfArchive(statement));
    expect(others).toMatchObject(others.map(() => metrics));
    template.hasResourceProperties("AWS::IAM::Role", { ManagedPolicyArns: Match.absent() });
  });

  test("has nothing that a construct warns of, and passes the CDK's check against CloudFormation's schemas and the AwsSolutions pack", () => {
    Annotations.fromStack(stack).hasNoWarning("*", Match.anyValue());
    const checked = defineApp({ "@aws-cdk/core:strictCfnValidateErrors": true }, true);
    defineSelfHealing(checked);
    Validations.of(checked).addPlugins(new AwsSolutionsChecks(checked));
    expect(() => checked.synth()).not.toThrow();
  }, 600_000);
});
