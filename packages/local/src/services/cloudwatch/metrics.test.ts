import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateQueueCommand, DeleteMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test, vi } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

const MINUTE_MS = 60_000;
/** A minute that is over. */
const AT = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 10 * MINUTE_MS);
const later = (minutes: number): Date => new Date(AT.getTime() + minutes * MINUTE_MS);

const put = (data: ConstructorParameters<typeof PutMetricDataCommand>[0]["MetricData"]) =>
  fixture().cloudwatch.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData: data }));

const statistics = (input: object) =>
  fixture().cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "Shop",
      MetricName: "Latency",
      StartTime: AT,
      EndTime: later(10),
      Period: 60,
      ...(input as { Statistics: ["Sum"] }),
    }),
  );

const data = async (...queries: MetricDataQuery[]) => {
  const { MetricDataResults = [] } = await fixture().cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: AT,
      EndTime: later(10),
      ScanBy: "TimestampAscending",
    }),
  );
  return Object.fromEntries(
    MetricDataResults.map(({ Id, Timestamps = [], Values = [] }) => [
      Id,
      Timestamps.map((at, index) => [(at.getTime() - AT.getTime()) / MINUTE_MS, Values[index]]),
    ]),
  );
};

const metric = (Id: string, MetricName: string, Stat = "Sum", Period = 60): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: "Shop", MetricName }, Period, Stat },
});

describe("a metric", () => {
  // CloudWatch user guide, "Statistics definitions".
  test("is aggregated in each period, by every statistic", async () => {
    const Values = Array.from({ length: 100 }, (_, index) => index + 1);
    await put([{ MetricName: "Latency", Values, Unit: "Milliseconds", Timestamp: AT }]);
    await put([{ MetricName: "Latency", Value: 1_000, Unit: "Milliseconds", Timestamp: later(1) }]);
    const { Datapoints = [] } = await statistics({
      Statistics: ["SampleCount", "Sum", "Average", "Minimum", "Maximum"],
    });
    expect(Datapoints[0]).toEqual({
      Timestamp: AT,
      Unit: "Milliseconds",
      SampleCount: 100,
      Sum: 5_050,
      Average: 50.5,
      Minimum: 1,
      Maximum: 100,
    });
    expect(Datapoints).toHaveLength(2);
    const wide = await statistics({ Period: 300, ExtendedStatistics: ["p50", "p99", "p100", "tm90"] });
    expect(wide.Datapoints?.[0]?.ExtendedStatistics).toMatchObject({ p50: 51, p99: 100, p100: 1_000 });
    expect(wide.Datapoints?.[0]?.ExtendedStatistics?.["tm90"]).toBeCloseTo(45.95, 1);
  });

  test("is another metric with each set of dimensions, whatever their order", async () => {
    const Dimensions = [
      { Name: "Queue", Value: "orders" },
      { Name: "Kind", Value: "x" },
    ];
    await put([{ MetricName: "Failures", Value: 1, Dimensions, Timestamp: AT }]);
    await put([{ MetricName: "Failures", Value: 2, Dimensions: Dimensions.toReversed(), Timestamp: AT }]);
    await put([{ MetricName: "Failures", Value: 4, Timestamp: AT }]);
    const { Metrics } = await fixture().cloudwatch.send(
      new ListMetricsCommand({ Namespace: "Shop", Dimensions: [{ Name: "Queue" }] }),
    );
    expect(Metrics).toHaveLength(1);
    const answer = await statistics({ MetricName: "Failures", Dimensions, Statistics: ["Sum"] });
    expect(answer.Datapoints?.[0]?.Sum).toBe(3);
    expect((await data(metric("m1", "Failures")))["m1"]).toEqual([[0, 4]]);
  });

  test("has percentiles of a statistic set only where all its values are equal", async () => {
    const set = (Minimum: number, Maximum: number, Sum: number) => ({ SampleCount: 2, Minimum, Maximum, Sum });
    await put([{ MetricName: "Latency", StatisticValues: set(1, 3, 4), Timestamp: AT }]);
    await put([{ MetricName: "Latency", StatisticValues: set(5, 5, 10), Timestamp: later(1) }]);
    expect((await data(metric("m1", "Latency", "p50")))["m1"]).toEqual([[1, 5]]);
    expect((await data(metric("m1", "Latency", "Maximum")))["m1"]).toEqual([
      [0, 3],
      [1, 5],
    ]);
  });

  test("keeps seconds where it is of high resolution", async () => {
    const second = (seconds: number) => new Date(AT.getTime() + seconds * 1_000);
    for (const seconds of [1, 5, 12]) {
      await put([{ MetricName: "Fast", Value: 1, StorageResolution: 1, Timestamp: second(seconds) }]);
    }
    expect((await data(metric("m1", "Fast", "Sum", 10)))["m1"]).toEqual([
      [0, 2],
      [10 / 60, 1],
    ]);
    expect((await data(metric("m1", "Fast")))["m1"]).toEqual([[0, 3]]);
  });

  test("survives a restart, and a request that is large enough to be compressed", async () => {
    const many = Array.from({ length: 500 }, () => ({ MetricName: "Latency", Value: 2, Timestamp: AT }));
    await put(many);
    await fixture().restart();
    expect((await data(metric("m1", "Latency")))["m1"]).toEqual([[0, 1_000]]);
  });

  test("is refused by name where it is wrong", async () => {
    const old = new Date(Date.now() - 15 * 86_400_000);
    await expect(put([{ MetricName: "Latency", Value: 1, Timestamp: old }])).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("within the past two weeks"),
    });
    await expect(put([{ MetricName: "Latency" }])).rejects.toMatchObject({ name: "MissingRequiredParameterException" });
    await expect(statistics({ Statistics: ["IQM"] })).rejects.toThrow("does not serve the statistic IQM");
  });
});

// CloudWatch user guide, "Using math expressions with CloudWatch metrics".
describe("metric math", () => {
  const expression = (Id: string, Expression: string): MetricDataQuery => ({ Id, Expression });

  test("joins what both sides have, and fills what is missing where it is told to", async () => {
    await put([
      { MetricName: "Errors", Value: 1, Timestamp: AT },
      { MetricName: "Calls", Value: 4, Timestamp: AT },
      { MetricName: "Calls", Value: 10, Timestamp: later(2) },
    ]);
    const found = await data(
      metric("m1", "Errors"),
      metric("m2", "Calls"),
      expression("rate", "100 * m1 / m2"),
      expression("sure", "FILL(m1, 0) / m2"),
      expression("total", "SUM(METRICS())"),
      expression("most", "MAX([m1, m2])"),
      expression("busy", "IF(m2 > 5 AND m2 < 100, m2, 0)"),
      expression("growth", "RATE(m2)"),
      expression("sum", "m2 / SUM(m2)"),
      expression("nested", "-(rate - 5) ^ 2"),
    );
    expect(found).toMatchObject({
      rate: [[0, 25]],
      sure: [
        [0, 0.25],
        [2, 0],
      ],
      total: [
        [0, 5],
        [2, 10],
      ],
      most: [
        [0, 4],
        [2, 10],
      ],
      busy: [
        [0, 0],
        [2, 10],
      ],
      growth: [[2, 0.05]],
      sum: [
        [0, 4 / 14],
        [2, 10 / 14],
      ],
      nested: [[0, 400]],
    });
  });

  test("refuses by name what it does not have", async () => {
    const search = expression("e1", "SEARCH('{AWS/SQS,QueueName}', 'Sum', 60)");
    await expect(data(search)).rejects.toThrow("does not serve the metric math function SEARCH");
    await expect(data(expression("e1", "m9 + 1"))).rejects.toThrow("refers to m9, which no query defines");
    await expect(data(expression("e1", "1 +"))).rejects.toThrow("ends too early");
  });
});

// SQS developer guide, "Available CloudWatch metrics for Amazon SQS".
test("queues count what was sent, received and deleted, and what they held at the end of each minute", async () => {
  const { sqs, region, cloudwatch, receive } = fixture();
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  for (const MessageBody of ["one", "three", "seven"])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const [first] = await receive(QueueUrl);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
  await receive(QueueUrl);
  await region.jump({ seconds: 120 });
  const read = async (MetricName: string, Stat: string) => {
    const Metric = { Namespace: "AWS/SQS", MetricName, Dimensions: [{ Name: "QueueName", Value: "orders" }] };
    const { MetricDataResults } = await cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: "m1", MetricStat: { Metric, Period: 300, Stat } }],
        StartTime: new Date(Date.now() - MINUTE_MS),
        EndTime: new Date(Date.now() + 4 * MINUTE_MS),
      }),
    );
    return MetricDataResults?.[0]?.Values?.[0];
  };
  expect(await read("NumberOfMessagesSent", "Sum")).toBe(3);
  expect(await read("SentMessageSize", "Maximum")).toBe(5);
  expect(await read("NumberOfMessagesReceived", "Sum")).toBe(3);
  expect(await read("NumberOfMessagesDeleted", "Sum")).toBe(1);
  expect(await read("NumberOfEmptyReceives", "Sum")).toBe(1);
  // Two are in flight until their visibility ends, 30 s after their receive.
  await vi.waitFor(async () => expect(await read("ApproximateNumberOfMessagesVisible", "Maximum")).toBe(2));
  expect(await read("ApproximateAgeOfOldestMessage", "Maximum")).toBeGreaterThan(50);
});

test("the Query protocol gives the same, as older clients speak it", async () => {
  const { region } = fixture();
  const call = async (form: Record<string, string>) => {
    const body = new URLSearchParams({ Version: "2010-08-01", ...form });
    const answer = await fetch(region.endpoint, { method: "POST", body });
    return answer.text();
  };
  const named = { Namespace: "Shop", MetricName: "Latency" };
  const first = "MetricData.member.1";
  await call({
    Action: "PutMetricData",
    Namespace: "Shop",
    [`${first}.MetricName`]: "Latency",
    [`${first}.Values.member.1`]: "3",
    [`${first}.Values.member.2`]: "5",
    [`${first}.Dimensions.member.1.Name`]: "Queue",
    [`${first}.Dimensions.member.1.Value`]: "orders",
    [`${first}.Timestamp`]: AT.toISOString(),
  });
  const answer = await call({
    Action: "GetMetricStatistics",
    ...named,
    "Dimensions.member.1.Name": "Queue",
    "Dimensions.member.1.Value": "orders",
    StartTime: AT.toISOString(),
    EndTime: later(10).toISOString(),
    Period: "60",
    "Statistics.member.1": "Sum",
    "ExtendedStatistics.member.1": "p50",
  });
  expect(answer).toContain(
    `<Datapoints><member><Timestamp>${AT.toISOString()}</Timestamp><Unit>None</Unit><Sum>8</Sum><ExtendedStatistics><entry><key>p50</key><value>3</value></entry>`,
  );
  expect(await call({ Action: "GetDashboard", DashboardName: "none" })).toContain("<Code>ResourceNotFound</Code>");
});

const AWS = "/usr/bin/aws";
test.skipIf(!existsSync(AWS))(`the AWS CLI puts and reads a metric (skipped where ${AWS} is missing)`, async () => {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_DEFAULT_REGION: "us-east-1" };
  const aws = async (...args: string[]) =>
    (await promisify(execFile)(AWS, ["--endpoint-url", fixture().region.endpoint, "cloudwatch", ...args], { env }))
      .stdout;
  await aws("put-metric-data", "--namespace", "Shop", "--metric-name", "Latency", "--value", "7");
  const listed = JSON.parse(await aws("list-metrics", "--namespace", "Shop", "--output", "json"));
  expect(listed.Metrics).toEqual([{ Namespace: "Shop", MetricName: "Latency", Dimensions: [] }]);
});
