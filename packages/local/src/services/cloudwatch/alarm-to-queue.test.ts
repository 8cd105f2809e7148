import { join } from "node:path";
import { GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

const fixture = useJumpFixture();

// As aws-cdk-lib synthesizes an alarm with an SnsAction on a topic with an SqsSubscription.
const RESOURCES = {
  Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: "alerts" } },
  Heard: { Type: "AWS::SQS::Queue", Properties: { QueueName: "heard" } },
  Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead" } },
  Subscription: {
    Type: "AWS::SNS::Subscription",
    Properties: { Protocol: "sqs", TopicArn: { Ref: "Topic" }, Endpoint: { "Fn::GetAtt": ["Heard", "Arn"] } },
  },
  Alarm: {
    Type: "AWS::CloudWatch::Alarm",
    Properties: {
      AlarmActions: [{ Ref: "Topic" }],
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["Dead", "QueueName"] } }],
      EvaluationPeriods: 1,
      MetricName: "ApproximateNumberOfMessagesVisible",
      Namespace: "AWS/SQS",
      Period: 60,
      Statistic: "Maximum",
      Threshold: 1,
    },
  },
};

test("an alarm's action arrives, as AWS writes it, at a queue that is subscribed to its topic, and the topic has metrics", async () => {
  const { region, sqs, cloudwatch, directory, receive } = fixture();
  const template = { Resources: RESOURCES, Outputs: {} };
  await region.deploy(writeAssembly(join(directory, "cdk.out"), { Shop: { template } }));
  const urlOf = async (QueueName: string) =>
    String((await region.call("sqs", "GetQueueUrl", { QueueName }))["QueueUrl"]);
  await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf("dead"), MessageBody: "dead" }));
  await region.jump({ seconds: 60 });
  const [heard] = await receive(await urlOf("heard"), 10);
  const { Type, Subject, Message } = JSON.parse(heard?.Body ?? "{}");
  expect(Type).toBe("Notification");
  expect(Subject).toMatch(/^ALARM: "Shop-Alarm-.*" in US East \(N\. Virginia\)$/);
  expect(JSON.parse(Message)).toMatchObject({
    NewStateValue: "ALARM",
    OldStateValue: "INSUFFICIENT_DATA",
    AWSAccountId: "000000000000",
    AlarmActions: ["arn:aws:sns:us-east-1:000000000000:alerts"],
    Trigger: {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Namespace: "AWS/SQS",
      Statistic: "MAXIMUM",
      Dimensions: [{ name: "QueueName", value: "dead" }],
    },
  });
  const metric = (MetricName: string) => {
    const Metric = { Namespace: "AWS/SNS", MetricName, Dimensions: [{ Name: "TopicName", Value: "alerts" }] };
    return { Id: MetricName.toLowerCase(), MetricStat: { Metric, Period: 60, Stat: "Sum" } };
  };
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [metric("NumberOfMessagesPublished"), metric("NumberOfNotificationsDelivered")],
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
    }),
  );
  expect(MetricDataResults.map(({ Values }) => Values)).toEqual([[1], [1]]);
});
