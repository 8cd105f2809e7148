import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateEventBusCommand } from "@aws-sdk/client-eventbridge";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";
import { eventIn, eventsFixture } from "./fixture.ts";

const fixture = useJumpFixture();
const open = (): ReturnType<typeof eventsFixture> => eventsFixture(fixture());
const settings = () => ({
  endpoint: fixture().region.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
const SHOP = { source: ["shop"] };

test("each target gets its own shape of the event", async () => {
  const { queue, rule, put, messages } = open();
  await rule("shapes", SHOP, [
    { Arn: await queue("same"), Input: '{"always":1}' },
    { Arn: await queue("part"), InputPath: "$.detail.items[1]" },
    {
      Arn: await queue("made"),
      InputTransformer: {
        InputPathsMap: {
          who: "$.detail.who",
          names: "$.detail.items[*].name",
          type: "$.detail-type",
          none: "$.detail.no",
        },
        InputTemplate: '{"who":<who>,"names":<names>,"text":"<type> of <who>: <none>","rule":"<aws.events.rule-name>"}',
      },
    },
    {
      Arn: await queue("text"),
      InputTransformer: { InputPathsMap: { who: "$.detail.who" }, InputTemplate: '"Hello <who>"' },
    },
  ]);
  await put({ Detail: JSON.stringify({ who: 'A "B"', items: [{ name: "x" }, { name: "y" }] }) });
  const body = async (name: string): Promise<unknown> => JSON.parse((await messages(name))[0]?.Body ?? "");
  expect(await body("same")).toEqual({ always: 1 });
  expect(await body("part")).toEqual({ name: "y" });
  expect(await body("made")).toEqual({ who: 'A "B"', names: ["x", "y"], text: 'Order of A "B": ', rule: "shapes" });
  expect(await body("text")).toBe('Hello A "B"');
});

test("a FIFO queue gets the event in the group that the target names", async () => {
  const { queue, rule, put, messages } = open();
  const Arn = await queue("ordered.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" });
  await expect(rule("lacks", SHOP, [{ Arn }])).rejects.toThrow(/SqsParameters/);
  await rule("ordered", SHOP, [{ Arn, SqsParameters: { MessageGroupId: "orders" } }]);
  await put({ Detail: '{"n":1}' });
  const [message] = await messages("ordered.fifo");
  expect(message?.Attributes?.["MessageGroupId"]).toBe("orders");
});

test("a topic and a log group get the event", async () => {
  const { queue, rule, put, messages } = open();
  const sns = new SNSClient(settings());
  const logs = new CloudWatchLogsClient(settings());
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "told" }));
  const Endpoint = await queue("told");
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes: { RawMessageDelivery: "true" } }),
  );
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/events/shop" }));
  const group = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/shop";
  await rule("both", SHOP, [{ Arn: TopicArn }, { Arn: group }]);
  const { Entries } = await put({ Detail: '{"n":1}' }, { Detail: '{"n":2}' });
  const seen = (await messages("told", 2)).map((message) => eventIn(message).id);
  expect(seen.sort()).toEqual(Entries?.map(({ EventId }) => EventId).sort());
  await vi.waitFor(
    async () => {
      const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/events/shop" }));
      expect(events).toHaveLength(2);
    },
    { timeout: 20_000 },
  );
});

test("an event for a target that is not there is in the dead-letter queue at once, with the reason", async () => {
  const { queue, rule, put } = open();
  const Arn = "arn:aws:sqs:us-east-1:000000000000:nobody";
  await rule("lost", SHOP, [{ Arn, DeadLetterConfig: { Arn: await queue("dead") } }]);
  const { Entries } = await put({ Detail: '{"n":1}' });
  const { sqs, region } = fixture();
  const { Messages: [message] = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: `${region.endpoint}/000000000000/dead`,
      WaitTimeSeconds: 20,
      MessageAttributeNames: ["All"],
    }),
  );
  expect(eventIn(message!).id).toBe(Entries?.[0]?.EventId);
  expect(message?.MessageAttributes).toMatchObject({
    RULE_ARN: { StringValue: "arn:aws:events:us-east-1:000000000000:rule/lost" },
    TARGET_ARN: { StringValue: Arn },
    ERROR_CODE: { StringValue: "NO_RESOURCE" },
    ERROR_MESSAGE: { StringValue: expect.stringMatching(/exist/) },
    RETRY_ATTEMPTS: { StringValue: "0" },
  });
});

test("what became of a rule's events is counted, by its bus too", async () => {
  const { events, queue, rule, put, messages } = open();
  await events.send(new CreateEventBusCommand({ Name: "trade" }));
  const dead = { Arn: await queue("dead") };
  const nobody = "arn:aws:sqs:us-east-1:000000000000:nobody";
  const targets = [{ Arn: await queue("fine") }, { Arn: nobody, DeadLetterConfig: dead }];
  await rule("counted", SHOP, targets, "trade");
  await put({ EventBusName: "trade" }, { EventBusName: "trade" });
  await messages("fine", 2);
  await messages("dead", 2);
  await fixture().region.jump({ seconds: 120, waitSeconds: 60 });
  const sumOf = async (MetricName: string): Promise<number> => {
    const { Datapoints = [] } = await fixture().cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Events",
        MetricName,
        Dimensions: [
          { Name: "EventBusName", Value: "trade" },
          { Name: "RuleName", Value: "counted" },
        ],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 3_600_000),
        Period: 60,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  await vi.waitFor(async () => expect(await sumOf("Invocations")).toBe(4), { timeout: 20_000 });
  expect(await sumOf("FailedInvocations")).toBe(2);
  expect(await sumOf("InvocationsSentToDlq")).toBe(2);
  expect(await sumOf("MatchedEvents")).toBe(2);
});

test.each([
  ["two kinds of input", { Input: "{}", InputPath: "$.detail" }, /Only one of/],
  ["a path in brackets", { InputPath: "$['detail']" }, /JSON path/],
  ["a target of another kind", { Arn: "arn:aws:states:us-east-1:000000000000:stateMachine:s" }, /stateMachine/],
  ["a member that is not served", { EcsParameters: { TaskDefinitionArn: "t" } }, /EcsParameters/],
  ["too many retries", { RetryPolicy: { MaximumRetryAttempts: 186 } }, /MaximumRetryAttempts/],
])("%s is refused", async (_name, wrong, message) => {
  const { queue, rule } = open();
  await expect(rule("wrong", SHOP, [{ Arn: await queue("fine"), ...wrong }])).rejects.toThrow(message);
});
