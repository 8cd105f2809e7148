import { join } from "node:path";
import { DescribeAlarmsCommand, GetMetricDataCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test, vi } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";
import { readEmbeddedMetrics } from "./embedded-metrics.ts";

const fixture = useJumpFixture();

const NOW = Date.now();

interface Document {
  readonly atMs?: unknown;
  readonly directive?: Record<string, unknown>;
  readonly members?: Record<string, unknown>;
}

/** A document of two metrics in two dimension sets. */
function documentOf({ atMs = NOW, directive = {}, members = {} }: Document = {}): string {
  const Metrics = [
    { Name: "Failed", Unit: "Count" },
    { Name: "Age", Unit: "Milliseconds", StorageResolution: 1 },
  ];
  const CloudWatchMetrics = [{ Namespace: "Shop", Dimensions: [["Queue"], []], Metrics, ...directive }];
  return JSON.stringify({
    _aws: { Timestamp: atMs, CloudWatchMetrics },
    Queue: "orders",
    Failed: 2,
    Age: [5, 7],
    ...members,
  });
}

async function put(...messages: string[]): Promise<void> {
  const stream = { logGroupName: "group", logStreamName: "stream" };
  const { region } = fixture();
  await region.call("logs", "CreateLogGroup", stream).catch(() => {});
  await region.call("logs", "CreateLogStream", stream).catch(() => {});
  const logEvents = messages.map((message) => ({ timestamp: NOW, message }));
  await region.call("logs", "PutLogEvents", { ...stream, logEvents });
}

/** The sum of a metric over an hour around now, and how many values it had. */
async function valuesOf(MetricName: string, dimensions: Record<string, string> = {}, Period = 60, Namespace = "Shop") {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const stat = (Stat: string) => ({ Metric: { Namespace, MetricName, Dimensions }, Period, Stat });
  const { MetricDataResults = [] } = await fixture().cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        { Id: "sum", MetricStat: stat("Sum") },
        { Id: "count", MetricStat: stat("SampleCount") },
      ],
      StartTime: new Date(NOW - 1_800_000),
      EndTime: new Date(NOW + 1_800_000),
    }),
  );
  const total = (Id: string) =>
    MetricDataResults.find((each) => each.Id === Id)?.Values?.reduce((sum, value) => sum + value, 0);
  return [total("sum"), total("count")];
}

test("a log line's embedded metrics have its values in each of its dimension sets, and seconds where it asks for them", async () => {
  await put(documentOf(), "plain text", documentOf({ members: { Failed: 1 } }));
  expect(await valuesOf("Failed", { Queue: "orders" })).toEqual([3, 2]);
  expect(await valuesOf("Failed")).toEqual([3, 2]);
  expect(await valuesOf("Age", { Queue: "orders" }, 1)).toEqual([24, 4]);
  expect(await valuesOf("Failed", { Queue: "orders" }, 1)).toEqual([0, 0]);
});

test("a document that breaks the format is kept as a log event, makes no metric, and is counted as such", async () => {
  await put(
    documentOf({ directive: { Namespace: 5 } }),
    documentOf({ directive: { Dimensions: [["Absent"]] } }),
    documentOf({ atMs: NOW - 15 * 86_400_000 }),
    documentOf({ members: { Failed: "many" } }),
    `${documentOf()}}`,
  );
  expect(await valuesOf("Failed")).toEqual([0, 0]);
  const group = { LogGroupName: "group" };
  expect(await valuesOf("EMFValidationErrors", group, 60, "AWS/Logs")).toEqual([4, 4]);
  expect(await valuesOf("EMFParsingErrors", group, 60, "AWS/Logs")).toEqual([1, 1]);
});

test.each([
  ["no metadata", JSON.stringify({ _aws: 1 })],
  ["a mention of it", 'the member "_aws" is missing in {"a": 1}'],
  ["metadata of nobody's", JSON.stringify({ _aws: { Timestamp: NOW } })],
])("%s is no document", (_, message) => {
  expect(readEmbeddedMetrics(message, NOW)).toEqual({ kind: "none" });
});

test("names of an object's own prototype are no values", () => {
  const Metrics = [{ Name: "constructor" }, { Name: "__proto__" }];
  const read = readEmbeddedMetrics(documentOf({ directive: { Metrics, Dimensions: [] } }), NOW);
  expect(read).toEqual({ kind: "values", values: [] });
  const of = readEmbeddedMetrics(documentOf({ directive: { Dimensions: [["toString"]] } }), NOW);
  expect(of).toEqual({ kind: "wrong", counted: "EMFValidationErrors" });
});

const CODE = `export const handler = async () => {
  console.log(JSON.stringify({
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: "Shop", Dimensions: [["Consumer"]], Metrics: [{ Name: "DeadLettered", Unit: "Count" }] }],
    },
    Consumer: "orders",
    DeadLettered: 3,
  }));
};`;

test("what a function writes with console.log fires an alarm on its metric", async () => {
  const { region, directory, cloudwatch } = fixture();
  const counts = {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: "assets", S3Key: "counts.zip" },
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/counts",
      Runtime: "nodejs24.x",
      FunctionName: "counts",
    },
  };
  const template = { Resources: { Counts: counts }, Outputs: {} };
  await region.deploy(
    writeAssembly(join(directory, "cdk.out"), { Shop: { template, assets: { "counts.zip": { "index.mjs": CODE } } } }),
  );
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "dead",
      Namespace: "Shop",
      MetricName: "DeadLettered",
      Dimensions: [{ Name: "Consumer", Value: "orders" }],
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 3,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
    }),
  );
  await region.call("lambda", "Invoke", { FunctionName: "counts", Payload: "{}" });
  await region.jump({ seconds: 60 });
  await vi.waitFor(
    async () => {
      const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
      expect(MetricAlarms[0]?.StateValue).toBe("ALARM");
    },
    { timeout: 5_000 },
  );
});
