import { join } from "node:path";
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";
import { eventsClient, eventsFixture } from "./fixture.ts";

const fixture = useJumpFixture();
const deploy = (Properties: object): Promise<unknown> =>
  fixture().region.deploy(
    writeAssembly(join(fixture().directory, "cdk.out"), {
      Shop: {
        template: {
          Resources: {
            Due: { Type: "AWS::SQS::Queue", Properties: { QueueName: "due" } },
            Nightly: { Type: "AWS::Events::Rule", Properties },
          },
        },
      },
    }),
  );
const Targets = [{ Id: "Target0", Arn: { "Fn::GetAtt": ["Due", "Arn"] } }];

test("a rule with a schedule sends its event to each target", async () => {
  await deploy({ Name: "nightly", ScheduleExpression: "cron(0 3 * * ? *)", State: "ENABLED", Targets });
  const { region } = fixture();
  await region.jump({ seconds: 86_400, waitSeconds: 60 });
  const [message] = await fixture().receive(`${region.endpoint}/000000000000/due`, 5);
  const event = JSON.parse(message?.Body ?? "{}");
  expect(event).toMatchObject({ source: "aws.events", detail: {}, time: expect.stringMatching(/T03:00:00Z$/) });
  const client = eventsClient(region.endpoint);
  expect((await client.send(new ListRulesCommand({}))).Rules).toMatchObject([{ Name: "nightly", State: "ENABLED" }]);
  expect((await client.send(new ListTargetsByRuleCommand({ Rule: "nightly" }))).Targets).toMatchObject([
    { Id: "Target0" },
  ]);
});

test("a bus and a rule with an event pattern of a template carry its events, and go with their stack", async () => {
  const template = (more: object): object => ({
    Resources: {
      Due: { Type: "AWS::SQS::Queue", Properties: { QueueName: "due" } },
      Trade: { Type: "AWS::Events::EventBus", Properties: { Name: "trade" } },
      Access: {
        Type: "AWS::Events::EventBusPolicy",
        Properties: { EventBusName: { Ref: "Trade" }, StatementId: "all", Statement: {} },
      },
      ...more,
    },
  });
  const Rule = {
    Type: "AWS::Events::Rule",
    Properties: {
      EventBusName: { Ref: "Trade" },
      EventPattern: { source: ["shop"], detail: { state: [{ "anything-but": "open" }] } },
      Targets: [{ ...Targets[0], InputPath: "$.detail" }],
    },
  };
  const assembly = (more: object): string =>
    writeAssembly(join(fixture().directory, "cdk.out"), { Shop: { template: template(more) } });
  const { region } = fixture();
  await region.deploy(assembly({ Rule }));
  const { events, put, messages } = eventsFixture(fixture());
  const EventBusName = "trade";
  await put({ EventBusName, Detail: '{"state":"open"}' }, { EventBusName, Detail: '{"state":"done"}' });
  expect((await messages("due")).map(({ Body }) => Body)).toEqual(['{"state":"done"}']);
  await region.deploy(assembly({}));
  expect((await events.send(new ListRulesCommand({ EventBusName }))).Rules).toEqual([]);
});

test("rules, their targets and buses are put, shown and removed", async () => {
  const { events, queue, rule } = eventsFixture(fixture());
  const Arn = await queue("due");
  await rule("kept", { source: ["shop"] }, [{ Arn }, { Arn, Input: "{}" }]);
  await events.send(new PutRuleCommand({ Name: "kept", EventPattern: '{"source":["store"]}', Description: "d" }));
  expect(await events.send(new DescribeRuleCommand({ Name: "kept" }))).toMatchObject({
    Arn: "arn:aws:events:us-east-1:000000000000:rule/kept",
    EventPattern: '{"source":["store"]}',
    Description: "d",
  });
  expect((await events.send(new ListRuleNamesByTargetCommand({ TargetArn: Arn }))).RuleNames).toEqual(["kept"]);
  await expect(events.send(new DeleteRuleCommand({ Name: "kept" }))).rejects.toThrow(/has targets/);
  await events.send(new RemoveTargetsCommand({ Rule: "kept", Ids: ["t0"] }));
  const { Targets: left } = await events.send(new ListTargetsByRuleCommand({ Rule: "kept" }));
  expect(left).toEqual([{ Id: "t1", Arn, Input: "{}" }]);
  await events.send(new RemoveTargetsCommand({ Rule: "kept", Ids: ["t1"] }));
  await events.send(new DeleteRuleCommand({ Name: "kept" }));
  await expect(events.send(new DescribeRuleCommand({ Name: "kept" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("targets that are put at once are all kept, up to five", async () => {
  const { events, queue, rule } = eventsFixture(fixture());
  const Arn = await queue("due");
  await rule("busy", { source: ["shop"] }, [{ Arn }]);
  const add = (Id: string): Promise<unknown> =>
    events.send(new PutTargetsCommand({ Rule: "busy", Targets: [{ Id, Arn }] }));
  await Promise.all(["a", "b", "c", "d"].map(add));
  const { Targets: kept = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: "busy" }));
  expect(kept.map(({ Id }) => Id).sort()).toEqual(["a", "b", "c", "d", "t0"]);
  await expect(add("e")).rejects.toMatchObject({ name: "LimitExceededException" });
});

test("a bus goes only without rules, and the default bus stays", async () => {
  const { events, queue, rule } = eventsFixture(fixture());
  await events.send(new CreateEventBusCommand({ Name: "trade", Description: "orders" }));
  await expect(events.send(new CreateEventBusCommand({ Name: "trade" }))).rejects.toMatchObject({
    name: "ResourceAlreadyExistsException",
  });
  await rule("one", { source: ["shop"] }, [{ Arn: await queue("due") }], "trade");
  const remove = (Name: string): Promise<unknown> => events.send(new DeleteEventBusCommand({ Name }));
  await expect(remove("trade")).rejects.toThrow(/has rules/);
  await expect(remove("default")).rejects.toThrow(/default/);
  await events.send(new RemoveTargetsCommand({ Rule: "one", EventBusName: "trade", Ids: ["t0"] }));
  await events.send(new DeleteRuleCommand({ Name: "one", EventBusName: "trade" }));
  expect(await events.send(new DescribeEventBusCommand({ Name: "trade" }))).toMatchObject({ Description: "orders" });
  await remove("trade");
  const { EventBuses } = await events.send(new ListEventBusesCommand({}));
  expect(EventBuses?.map(({ Name }) => Name)).toEqual(["default"]);
});

test.each([
  ["neither a pattern nor a schedule", {}, /EventPattern or ScheduleExpression/],
  ["a pattern that is none", { EventPattern: '{"source":"shop"}' }, /must be an object or an array/],
  ["a schedule on a custom bus", { ScheduleExpression: "rate(1 minute)", EventBusName: "trade" }, /default event bus/],
  ["a bus that is not there", { EventPattern: '{"source":["shop"]}', EventBusName: "nowhere" }, /nowhere/],
])("a rule with %s is refused", async (_name, wrong, message) => {
  const { events } = eventsFixture(fixture());
  await events.send(new CreateEventBusCommand({ Name: "trade" }));
  await expect(events.send(new PutRuleCommand({ Name: "wrong", ...wrong }))).rejects.toThrow(message);
});

test("a pattern is tested against an event", async () => {
  const { events } = eventsFixture(fixture());
  const event = {
    id: "1",
    account: "2",
    source: "shop",
    time: "t",
    region: "r",
    resources: [],
    "detail-type": "Order",
  };
  const fits = async (EventPattern: string): Promise<boolean | undefined> =>
    (await events.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) }))).Result;
  expect(await fits('{"source":[{"suffix":"op"}]}')).toBe(true);
  expect(await fits('{"source":[{"wildcard":"*x"}]}')).toBe(false);
  await expect(fits('{"source":[{"wildcard":"**"}]}')).rejects.toMatchObject({ name: "InvalidEventPatternException" });
});
