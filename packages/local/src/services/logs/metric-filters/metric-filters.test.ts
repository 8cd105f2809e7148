import { join } from "node:path";
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  type PutMetricFilterCommandInput,
  TestMetricFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { beforeEach, expect, test } from "vitest";
import { writeAssembly } from "../../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

let logs: CloudWatchLogsClient;
/** How far the region's time has jumped. */
let aheadMs = 0;
beforeEach(() => {
  aheadMs = 0;
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  logs = new CloudWatchLogsClient({ endpoint: fixture().region.endpoint, region: "us-east-1", credentials });
});

const now = (): number => Date.now() + aheadMs;

async function jump(seconds: number): Promise<void> {
  await fixture().region.jump({ seconds });
  aheadMs += seconds * 1_000;
}

const STREAM = { logGroupName: "orders", logStreamName: "stream" };

async function createStream(): Promise<void> {
  await logs.send(new CreateLogGroupCommand({ logGroupName: STREAM.logGroupName }));
  await logs.send(new CreateLogStreamCommand(STREAM));
}

const FILTER = {
  logGroupName: STREAM.logGroupName,
  filterName: "slow",
  filterPattern: "{ $.ms > 100 }",
  metricTransformations: [{ metricNamespace: "Shop", metricName: "Slow", metricValue: "1" }],
} satisfies PutMetricFilterCommandInput;

const putFilter = (transformation: object = {}, more: Partial<PutMetricFilterCommandInput> = {}) =>
  logs.send(
    new PutMetricFilterCommand({
      ...FILTER,
      metricTransformations: [{ ...FILTER.metricTransformations[0], ...transformation } as never],
      ...more,
    }),
  );

const write = (...messages: (object | string)[]) =>
  logs.send(
    new PutLogEventsCommand({
      ...STREAM,
      logEvents: messages.map((each) => ({
        timestamp: now(),
        message: typeof each === "string" ? each : JSON.stringify(each),
      })),
    }),
  );

/** All values of a metric within a few hours, by one statistic. */
async function valuesOf(MetricName: string, Stat = "Sum", dimensions: Record<string, string> = {}) {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: "Shop", MetricName, Dimensions };
  const nowMs = now();
  const { MetricDataResults = [] } = await fixture().cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ Id: "m", MetricStat: { Metric, Period: 60, Stat } }],
      StartTime: new Date(nowMs - 3_600_000),
      EndTime: new Date(nowMs + 3_600_000),
      ScanBy: "TimestampAscending",
    }),
  );
  return MetricDataResults[0]?.Values;
}

test("a filter counts the events that fit from then on, also after a restart, until it is deleted", async () => {
  await createStream();
  await write({ ms: 200 });
  await putFilter();
  await write({ ms: 200 }, { ms: 50 }, "200", { ms: 300 });
  expect(await valuesOf("Slow")).toEqual([2]);
  await fixture().restart();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  logs = new CloudWatchLogsClient({ endpoint: fixture().region.endpoint, region: "us-east-1", credentials });
  await write({ ms: 200 });
  expect((await valuesOf("Slow"))?.reduce((sum, each) => sum + each, 0)).toBe(3);
  await logs.send(new DeleteMetricFilterCommand({ logGroupName: "orders", filterName: "slow" }));
  await write({ ms: 200 });
  expect((await valuesOf("Slow"))?.reduce((sum, each) => sum + each, 0)).toBe(3);
  await expect(
    logs.send(new DeleteMetricFilterCommand({ logGroupName: "orders", filterName: "slow" })),
  ).rejects.toThrow("metric filter does not exist");
});

test("a metric's value and dimensions come from fields; an event without them adds nothing", async () => {
  await createStream();
  await putFilter({ metricValue: "$.ms", dimensions: { Queue: "$.queue" }, unit: "Milliseconds" });
  await write({ ms: 200, queue: "a" }, { ms: 300, queue: "a" }, { ms: 400, queue: "b" }, { ms: 500 });
  expect(await valuesOf("Slow", "Maximum", { Queue: "a" })).toEqual([300]);
  expect(await valuesOf("Slow", "SampleCount", { Queue: "a" })).toEqual([2]);
  expect(await valuesOf("Slow", "Sum", { Queue: "b" })).toEqual([400]);
  expect(await valuesOf("Slow")).toEqual([]);
});

test("a value of fields between spaces is a number of the event", async () => {
  await createStream();
  await putFilter({ metricValue: "$bytes" }, { filterPattern: "[ip, ..., status=4*, bytes]" });
  await write("127.0.0.1 GET / 404 12", "127.0.0.1 GET / 200 5", "127.0.0.1 GET / 410 30");
  expect(await valuesOf("Slow")).toEqual([42]);
});

test("a minute in which events came and none fits has the default; one without events has nothing", async () => {
  await createStream();
  await putFilter({ defaultValue: 0 });
  await write({ ms: 1 });
  await jump(60);
  await write({ ms: 200 }, { ms: 1 });
  await jump(180);
  expect(await valuesOf("Slow")).toEqual([0, 1]);
});

test("filters are listed by group, name and metric, replaced by name, and gone with their group", async () => {
  await createStream();
  await putFilter();
  await putFilter({ metricName: "Other" }, { filterName: "other" });
  await putFilter({ unit: "Count" });
  const named = async (input: object) =>
    ((await logs.send(new DescribeMetricFiltersCommand(input))).metricFilters ?? []).map((each) => each.filterName);
  expect(await named({})).toEqual(["other", "slow"]);
  expect(await named({ logGroupName: "orders", filterNamePrefix: "s" })).toEqual(["slow"]);
  expect(await named({ metricName: "Other", metricNamespace: "Shop" })).toEqual(["other"]);
  const { metricFilters = [] } = await logs.send(new DescribeMetricFiltersCommand({ filterNamePrefix: "slow" }));
  expect(metricFilters).toMatchObject([{ ...FILTER, metricTransformations: [{ metricName: "Slow", unit: "Count" }] }]);
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups[0]?.metricFilterCount).toBe(2);
  await logs.send(new DeleteLogGroupCommand({ logGroupName: "orders" }));
  await createStream();
  expect(await named({})).toEqual([]);
});

test("a filter is tried on messages before there is one", async () => {
  const { matches } = await logs.send(
    new TestMetricFilterCommand({
      filterPattern: '{ $.level = "error" && $.ms > 5 }',
      logEventMessages: ["plain", '{"level":"error","ms":6}', '{"level":"error","ms":1}'],
    }),
  );
  expect(matches).toEqual([
    {
      eventNumber: 2,
      eventMessage: '{"level":"error","ms":6}',
      extractedValues: { "$.level": "error", "$.ms": "6" },
    },
  ]);
});

test.each([
  ["a value that is none", { metricValue: "many" }, {}, "metricValue many"],
  ["a unit that there is not", { unit: "Bananas" }, {}, "Bananas"],
  ["a default with dimensions", { defaultValue: 0, dimensions: { Queue: "$.queue" } }, {}, "mutually exclusive"],
  ["a pattern that cannot be read", {}, { filterPattern: "{ $.ms > }" }, "{ $.ms > }"],
  ["no group", {}, { logGroupName: "none" }, "log group does not exist"],
])("%s is refused", async (_, transformation, more, message) => {
  await createStream();
  await expect(putFilter(transformation, more)).rejects.toThrow(message);
});

test("a filter of an assembly counts as one that was put", async () => {
  // As aws-cdk-lib synthesizes it.
  const filter = {
    Type: "AWS::Logs::MetricFilter",
    Properties: {
      FilterPattern: '{ ($.level = "warn") && (($.ms >= 100) || ($.slow = "*") || ($.slow IS TRUE)) }',
      LogGroupName: { Ref: "Group" },
      MetricTransformations: [
        {
          Dimensions: [{ Key: "Queue", Value: "$.queue" }],
          MetricName: "Slow",
          MetricNamespace: "Shop",
          MetricValue: "$.ms",
          Unit: "Milliseconds",
        },
      ],
    },
  };
  const group = { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "orders", RetentionInDays: 731 } };
  const Resources = { Group: group, Filter: filter };
  const assembly = { Shop: { template: { Resources, Outputs: {} } } };
  await fixture().region.deploy(writeAssembly(join(fixture().directory, "cdk.out"), assembly));
  await logs.send(new CreateLogStreamCommand(STREAM));
  const warn = { level: "warn", queue: "a" };
  await write({ ...warn, ms: 100 }, { ...warn, ms: 50 }, { ...warn, ms: 7, slow: true }, { level: "info", ms: 900 });
  expect(await valuesOf("Slow", "Sum", { Queue: "a" })).toEqual([107]);
});
