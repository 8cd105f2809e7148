import { join } from "node:path";
import { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { writeAssembly } from "../../../test/assembly-fixture.ts";
import { useJumpFixture } from "../../../test/jump-fixture.ts";

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
  const client = new EventBridgeClient({
    endpoint: region.endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "t", secretAccessKey: "t" },
  });
  expect((await client.send(new ListRulesCommand({}))).Rules).toMatchObject([{ Name: "nightly", State: "ENABLED" }]);
  expect((await client.send(new ListTargetsByRuleCommand({ Rule: "nightly" }))).Targets).toMatchObject([
    { Id: "Target0" },
  ]);
});

test("a rule with an event pattern is refused by name", async () => {
  await expect(deploy({ EventPattern: { source: ["shop"] }, Targets })).rejects.toThrow(/EventPattern/);
});
