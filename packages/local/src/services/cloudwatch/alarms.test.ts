import { join } from "node:path";
import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { CreateQueueCommand, DeleteMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test, vi } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

const ALARM = {
  AlarmName: "failures",
  Namespace: "Shop",
  MetricName: "Failures",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 2,
  ComparisonOperator: "GreaterThanOrEqualToThreshold",
  TreatMissingData: "notBreaching",
} satisfies PutMetricAlarmCommandInput;

const putAlarm = (more: Partial<PutMetricAlarmCommandInput> = {}) =>
  fixture().cloudwatch.send(new PutMetricAlarmCommand({ ...ALARM, ...more }));

const putData = (Value: number, MetricName = "Failures", more: object = {}) =>
  fixture().cloudwatch.send(
    new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName, Value, ...more }] }),
  );

async function alarmOf(name = "failures"): Promise<MetricAlarm> {
  const AlarmTypes = ["MetricAlarm" as const, "CompositeAlarm" as const];
  const answer = await fixture().cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes }));
  return { ...(answer.MetricAlarms?.[0] ?? answer.CompositeAlarms?.[0]) };
}

const becomes = (state: string, name = "failures") =>
  vi.waitFor(async () => expect((await alarmOf(name)).StateValue).toBe(state), { timeout: 5_000 });

const jump = (seconds: number) => fixture().region.jump({ seconds });

async function changes(name = "failures"): Promise<(string | undefined)[]> {
  const { AlarmHistoryItems = [] } = await fixture().cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: name, ScanBy: "TimestampAscending" }),
  );
  return AlarmHistoryItems.map((item) => item.HistorySummary);
}

describe("an alarm", () => {
  test("fires at the end of the minute whose value breaches, says why, and clears when that is past", async () => {
    await putAlarm();
    expect(await alarmOf()).toMatchObject({
      StateValue: "INSUFFICIENT_DATA",
      StateReason: "Unchecked: Initial alarm creation",
      AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:failures",
    });
    await putData(1);
    await putData(2);
    await jump(60);
    await becomes("ALARM");
    const { StateReason } = await alarmOf();
    expect(StateReason).toMatch(
      /^Threshold Crossed: 1 out of the last 1 datapoint \[3\.0 \(.*\)\] was greater than or equal to the threshold \(2\.0\) \(minimum 1 datapoint for OK -> ALARM transition\)\.$/,
    );
    await jump(300);
    await becomes("OK");
    expect(await changes()).toEqual([
      'Alarm "failures" created',
      "Alarm updated from INSUFFICIENT_DATA to ALARM",
      "Alarm updated from ALARM to OK",
    ]);
  });

  test("does not miss what a long jump passes", async () => {
    await putAlarm();
    await jump(60);
    await becomes("OK");
    await putData(5);
    await jump(3_600);
    await vi.waitFor(async () =>
      expect((await changes()).slice(-2)).toEqual(["Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"]),
    );
  });

  test("on periods of 10 seconds is evaluated each 10 seconds", async () => {
    await putAlarm({ Period: 10, Threshold: 1 });
    await putData(1, "Failures", { StorageResolution: 1 });
    await jump(10);
    await becomes("ALARM");
    await jump(40);
    await becomes("OK");
  });

  test("on an expression, and on a percentile, follows their values", async () => {
    const stat = (MetricName: string) => ({ Metric: { Namespace: "Shop", MetricName }, Period: 60, Stat: "Sum" });
    const { AlarmName: _1, Namespace: _2, MetricName: _3, Statistic: _4, Period: _5, ...rule } = ALARM;
    await fixture().cloudwatch.send(
      new PutMetricAlarmCommand({
        ...rule,
        AlarmName: "rate",
        Threshold: 50,
        Metrics: [
          { Id: "m1", MetricStat: stat("Failures"), ReturnData: false },
          { Id: "m2", MetricStat: stat("Calls"), ReturnData: false },
          { Id: "rate", Expression: "100 * FILL(m1, 0) / m2", Label: "rate" },
        ],
      }),
    );
    await fixture().cloudwatch.send(
      new PutMetricAlarmCommand({
        ...ALARM,
        Statistic: undefined,
        AlarmName: "slow",
        MetricName: "Slow",
        ExtendedStatistic: "p90",
        Threshold: 100,
      }),
    );
    await putData(3, "Failures");
    await putData(4, "Calls");
    for (const ms of [1, 2, 3, 4, 500, 5, 6, 7, 8, 600]) await putData(ms, "Slow");
    await jump(60);
    await becomes("ALARM", "rate");
    await becomes("ALARM", "slow");
  });

  test("keeps its state over a restart, and its definition is changed by putting it again", async () => {
    await putAlarm({ Tags: [{ Key: "team", Value: "shop" }] });
    await putData(2);
    await jump(60);
    await becomes("ALARM");
    await fixture().restart();
    expect((await alarmOf()).StateValue).toBe("ALARM");
    await putAlarm({ AlarmDescription: "more" });
    expect(await alarmOf()).toMatchObject({ StateValue: "ALARM", AlarmDescription: "more" });
    await fixture().cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["failures", "none"] }));
    expect(await alarmOf()).toEqual({});
  });

  test("that is set to a state by hand goes back to what its data says at the next evaluation", async () => {
    await putAlarm();
    const set = { AlarmName: "failures", StateReason: "a test" };
    await fixture().cloudwatch.send(new SetAlarmStateCommand({ ...set, StateValue: "ALARM" }));
    expect((await alarmOf()).StateValue).toBe("ALARM");
    await jump(60);
    await becomes("OK");
    await expect(
      fixture().cloudwatch.send(new SetAlarmStateCommand({ ...set, AlarmName: "none", StateValue: "OK" })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
  });

  test("made of others follows them", async () => {
    await putAlarm();
    await putAlarm({ AlarmName: "other", MetricName: "Other" });
    const rule = (AlarmName: string, AlarmRule: string) =>
      fixture().cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName, AlarmRule }));
    await rule("both", 'ALARM("failures") AND NOT (OK(other) OR FALSE)');
    await rule("any", 'ALARM(both) OR ALARM("arn:aws:cloudwatch:us-east-1:000000000000:alarm:failures")');
    await putData(5);
    await jump(60);
    await becomes("ALARM", "any");
    expect((await alarmOf("both")).StateValue).toBe("OK");
    await expect(rule("wrong", "ALARM(failures) AND")).rejects.toThrow("AlarmRule is invalid");
  });

  test("that cannot be evaluated is refused by name", async () => {
    await expect(putAlarm({ Period: 45 })).rejects.toThrow("Period");
    await expect(putAlarm({ EvaluationPeriods: 2_000 })).rejects.toThrow("86400 seconds");
    await expect(putAlarm({ DatapointsToAlarm: 2 })).rejects.toThrow("DatapointsToAlarm");
    await expect(putAlarm({ AlarmActions: ["ops"] })).rejects.toThrow("Invalid arn syntax: ops");
  });
});

const FUNCTION_CODE = `export const handler = async (event) => { console.log(JSON.stringify(event)); };`;

test("an alarm of an assembly fires on a dead letter, tells a function, and clears when the queue is empty", async () => {
  const { region, sqs, directory, receive } = fixture();
  const alarm = {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      Namespace: "AWS/SQS",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["Dead", "QueueName"] } }],
      Statistic: "Maximum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      AlarmActions: [{ "Fn::GetAtt": ["Told", "Arn"] }],
      OKActions: ["arn:aws:automate:us-east-1:ec2:reboot"],
    },
  };
  const told = {
    Type: "AWS::Lambda::Function",
    Properties: {
      Code: { S3Bucket: "assets", S3Key: "told.zip" },
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/told",
      Runtime: "nodejs24.x",
      FunctionName: "told",
    },
  };
  const template = { Resources: { Dead: { Type: "AWS::SQS::Queue" }, Told: told, Alarm: alarm }, Outputs: {} };
  const assets = { "told.zip": { "index.mjs": FUNCTION_CODE } };
  await region.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: { template, assets } }));
  const { MetricAlarms = [] } = await fixture().cloudwatch.send(new DescribeAlarmsCommand({}));
  const name = MetricAlarms[0]?.AlarmName ?? "";
  expect(name).toMatch(/^Shop-Alarm-/);
  const queueName = MetricAlarms[0]?.Dimensions?.[0]?.Value ?? "";
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: queueName }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "dead" }));
  await jump(60);
  await becomes("ALARM", name);
  await vi.waitFor(async () => {
    const { events } = (await region.call("logs", "FilterLogEvents", {
      logGroupName: "/aws/lambda/told",
      filterPattern: '"aws.cloudwatch"',
    })) as { events: { message: string }[] };
    expect(events[0]?.message).toContain('"previousState"');
    expect(events[0]?.message).toContain('"ApproximateNumberOfMessagesVisible"');
  });
  const [message] = await receive(QueueUrl);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  await jump(120);
  await becomes("OK", name);
  await vi.waitFor(async () =>
    expect(await changes(name)).toEqual(
      expect.arrayContaining([
        "Successfully executed action arn:aws:lambda:us-east-1:000000000000:function:told",
        expect.stringContaining("Failed to execute action arn:aws:automate:us-east-1:ec2:reboot"),
      ]),
    ),
  );
});
