import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useJumpFixture } from "../../../test/jump-fixture.ts";
import { killProcess, type RegionChild, startRegionChild } from "../../../test/region-child.ts";

const fixture = useJumpFixture();
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:due";
const OFF = { Mode: "OFF" as const };
let scheduler: SchedulerClient;
let children: RegionChild[] = [];

beforeEach(() => {
  scheduler = clientOf(fixture().region.endpoint);
});
afterEach(async () => {
  for (const { child } of children) await killProcess(child);
  children = [];
});

const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const clientOf = (endpoint: string): SchedulerClient =>
  new SchedulerClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
const queue = async (QueueName = "due"): Promise<string> =>
  (await fixture().sqs.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: "43200" } })))
    .QueueUrl!;
const create = (Name: string, ScheduleExpression: string, more: object = {}): Promise<unknown> =>
  scheduler.send(
    new CreateScheduleCommand({
      Name,
      ScheduleExpression,
      FlexibleTimeWindow: OFF,
      Target: { Arn: QUEUE, RoleArn: "arn:aws:iam::000000000000:role/r", Input: `"${Name}"` },
      ...more,
    }),
  );
const jump = (seconds: number): Promise<unknown> => fixture().region.jump({ seconds, waitSeconds: 60 });
const bodies = async (url: string): Promise<(string | undefined)[]> =>
  (await fixture().receive(url, 2)).map(({ Body }) => Body);

test("a rate is due once after a jump over many of its times, and again after the next", async () => {
  const url = await queue();
  await create("often", "rate(5 minutes)");
  await jump(3_600);
  expect(await bodies(url)).toEqual(['"often"']);
  expect(await bodies(url)).toEqual([]);
  await jump(300);
  expect(await bodies(url)).toEqual(['"often"']);
});

test("a schedule for one time is due at it, and deleted where that is asked for", async () => {
  const url = await queue();
  const at = (ms: number): string => `at(${new Date(ms).toISOString().slice(0, 19)})`;
  const now = Date.now();
  await create("once", at(now + 3_600_000), { ActionAfterCompletion: "DELETE" });
  await create("later", at(now + 7_200_000));
  await jump(3_700);
  expect(await bodies(url)).toEqual(['"once"']);
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({}));
  expect(Schedules?.map(({ Name }) => Name)).toEqual(["later"]);
});

test("without an input, a target learns of the schedule", async () => {
  const url = await queue();
  await create("tells", "rate(1 minute)", { Target: { Arn: QUEUE, RoleArn: "arn:aws:iam::000000000000:role/r" } });
  await jump(60);
  expect(JSON.parse((await bodies(url))[0]!)).toMatchObject({
    source: "aws.scheduler",
    "detail-type": "Scheduled Event",
    resources: ["arn:aws:scheduler:us-east-1:000000000000:schedule/default/tells"],
  });
});

test("what cannot be delivered is in the dead-letter queue, with the reason", async () => {
  const url = await queue("dead");
  const Arn = "arn:aws:lambda:us-east-1:000000000000:function:nobody";
  const DeadLetterConfig = { Arn: "arn:aws:sqs:us-east-1:000000000000:dead" };
  await create("lost", "rate(1 minute)", { Target: { Arn, RoleArn: "r".repeat(20), DeadLetterConfig, Input: "{}" } });
  await jump(60);
  const { sqs } = fixture();
  const input = { QueueUrl: url, WaitTimeSeconds: 10, MessageAttributeNames: ["All"] };
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(input));
  expect(message?.MessageAttributes).toMatchObject({
    ERROR_CODE: { StringValue: "ResourceNotFoundException" },
    TARGET_ARN: { StringValue: Arn },
  });
});

test("schedules are shown, changed, disabled and deleted", async () => {
  const url = await queue();
  await create("kept", "cron(0 9 ? * MON-FRI *)", {
    ScheduleExpressionTimezone: "Europe/Berlin",
    Description: "mornings",
  });
  await expect(create("kept", "rate(1 minute)")).rejects.toMatchObject({ name: "ConflictException" });
  const got = await scheduler.send(new GetScheduleCommand({ Name: "kept" }));
  expect(got).toMatchObject({
    ScheduleExpressionTimezone: "Europe/Berlin",
    State: "ENABLED",
    Description: "mornings",
    GroupName: "default",
  });
  expect(got.CreationDate).toBeInstanceOf(Date);
  const Target = { Arn: QUEUE, RoleArn: "r".repeat(20) };
  await scheduler.send(
    new UpdateScheduleCommand({
      Name: "kept",
      ScheduleExpression: "rate(1 minute)",
      FlexibleTimeWindow: OFF,
      Target,
      State: "DISABLED",
    }),
  );
  await jump(600);
  expect(await bodies(url)).toEqual([]);
  await scheduler.send(new DeleteScheduleCommand({ Name: "kept" }));
  await expect(scheduler.send(new GetScheduleCommand({ Name: "kept" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test.each([
  ["an expression that is none", { ScheduleExpression: "every day" }, /Invalid Schedule Expression/],
  ["an unknown time zone", { ScheduleExpressionTimezone: "Mars/Base" }, /Mars\/Base/],
  [
    "a target of another kind",
    { Target: { Arn: "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", RoleArn: "r".repeat(20) } },
    /aws-sdk/,
  ],
  ["an unknown group", { GroupName: "nowhere" }, /nowhere/],
])("%s is refused", async (_name, wrong, message) => {
  await expect(create("wrong", "rate(1 minute)", wrong)).rejects.toThrow(message);
});

test("killed at any time, a region delivers each due time at least once, and none without end", async () => {
  const url = await queue();
  const { directory, region } = fixture();
  const dueSeconds = 4;
  const first = Math.floor(Date.now() / 1_000) + dueSeconds;
  const names = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, "0")}`);
  for (const [index, name] of names.entries()) {
    const time = new Date((first + (index % 4)) * 1_000).toISOString().slice(0, 19);
    await create(name, `at(${time})`);
  }
  const path = new URL(url).pathname;
  await region.stop();
  const kills = 6;
  for (let kill = 0; kill < kills; kill += 1) {
    const child = await startRegionChild(`${directory}/state`);
    children.push(child);
    const at = first * 1_000 - 200 + kill * 350;
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(at), { timeout: 20_000, interval: 10 });
    await killProcess(child.child);
  }
  await fixture().restart();
  const received: string[] = [];
  await vi.waitFor(
    async () => {
      received.push(...(await bodies(new URL(path, fixture().region.endpoint).href)).map((body) => JSON.parse(body!)));
      expect([...new Set(received)].sort()).toEqual(names);
    },
    { timeout: 40_000 },
  );
  expect(received.length).toBeLessThanOrEqual(names.length * (kills + 1));
}, 120_000);
