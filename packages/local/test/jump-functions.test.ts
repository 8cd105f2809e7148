import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { InvokeCommand, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../src/kernel/clock.ts";
import { type Fixture, startFixture } from "./lambda-fixture.ts";

// Processes start slowly where the machine has much to do.
vi.setConfig({ testTimeout: 120_000, expect: { poll: { timeout: 30_000 } } });

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture(systemClock(), { jumps: true });
});
afterEach(() => fixture.close());

const DAY_SECONDS = 86_400;
const FAIL = "export const handler = async () => { throw new Error('no'); };";

const jump = (seconds: number, waitSeconds = 60) => fixture.region.jump({ seconds, waitSeconds });

async function invoke(payload: object = {}, type: "Event" | "RequestResponse" = "RequestResponse"): Promise<unknown> {
  const { Payload } = await fixture.lambda.send(
    new InvokeCommand({ FunctionName: "work", Payload: JSON.stringify(payload), InvocationType: type }),
  );
  return type === "Event" ? undefined : JSON.parse(Buffer.from(Payload ?? []).toString());
}

async function outcomes(): Promise<unknown[]> {
  const { Invocations } = await fixture.region.call("lambda", "ReliqListInvocations", { FunctionName: "work" });
  return (Invocations as { Outcome?: string }[]).map((each) => each.Outcome);
}

const urlOf = (queue: string): string => `${fixture.region.endpoint}/000000000000/${queue}`;

async function send(queue: string, MessageBody: string): Promise<void> {
  await fixture.sqs.send(new SendMessageCommand({ QueueUrl: urlOf(queue), MessageBody }));
}

/** The messages of a queue as they are, without receiving them. */
async function peek(queue: string): Promise<{ Body: string; ReceiveCount: number }[]> {
  const { Messages } = await fixture.region.call("sqs", "ReliqPeekMessages", { QueueUrl: urlOf(queue), Limit: 100 });
  return (Messages as { Body: string; Attributes: Record<string, string> }[]).map(({ Body, Attributes }) => ({
    Body,
    ReceiveCount: Number(Attributes["ApproximateReceiveCount"]),
  }));
}

/** A queue with a dead-letter queue after two receives, and a mapping to the function `work`. */
function queueWithConsumer(mapping: object = {}): object {
  return {
    Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead" } },
    Orders: {
      Type: "AWS::SQS::Queue",
      Properties: {
        QueueName: "orders",
        VisibilityTimeout: 300,
        RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 2 },
      },
    },
    Mapping: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        FunctionName: { Ref: "Functionwork" },
        EventSourceArn: { "Fn::GetAtt": ["Orders", "Arn"] },
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        ...mapping,
      },
    },
  };
}

const REFUSE_BAD = `export const handler = async ({ Records }) => ({
  batchItemFailures: Records.filter(({ body }) => body.startsWith("bad")).map(({ messageId }) => ({ itemIdentifier: messageId })),
});`;

test("the way of messages to the dead-letter queue, with a visibility of 300 s, takes seconds", async () => {
  const began = performance.now();
  await fixture.deploy({ work: { code: REFUSE_BAD } }, queueWithConsumer());
  for (const body of ["good 1", "bad 1", "good 2", "bad 2"]) await send("orders", body);
  const left = async () => (await peek("orders")).map(({ Body, ReceiveCount }) => `${Body}: ${ReceiveCount}`).sort();
  await expect.poll(left).toEqual(["bad 1: 1", "bad 2: 1"]);
  await jump(300);
  await expect.poll(left).toEqual(["bad 1: 2", "bad 2: 2"]);
  await jump(300);
  await expect.poll(left).toEqual([]);
  expect((await peek("dead")).map(({ Body }) => Body).sort()).toEqual(["bad 1", "bad 2"]);
  expect(performance.now() - began).toBeLessThan(60_000);
});

test("a function sees the time that the region has jumped to, also the process that was warm before", async () => {
  await fixture.deploy({ work: { code: "export const handler = async () => [process.pid, Date.now()];" } });
  const [pid, before] = (await invoke()) as [number, number];
  expect(Math.abs(before - Date.now())).toBeLessThan(10_000);
  await jump(200);
  const [warm, after] = (await invoke()) as [number, number];
  expect(warm).toBe(pid);
  expect(after - before).toBeGreaterThanOrEqual(200_000);
  await jump(DAY_SECONDS);
  const [, later] = (await invoke()) as [number, number];
  expect(later - after).toBeGreaterThanOrEqual(DAY_SECONDS * 1_000);
});

test("time does not jump while a function runs, and says which; it waits for the end where that is near", async () => {
  const code = `export const handler = async () => { await new Promise((done) => setTimeout(done, 1500)); return Date.now(); };`;
  await fixture.deploy({ work: { code, properties: { Timeout: 10 } } });
  await invoke();
  const running = invoke();
  await expect.poll(outcomes).toHaveLength(2);
  // Log lines of the invocation before are written together, a moment later.
  const refusal = () =>
    jump(60, 0).then(
      () => "it jumped",
      (error: Error) => error.message,
    );
  await expect
    .poll(refusal)
    .toContain("Time jumps only when nothing runs, and after 0 s there is still: an invocation of work");
  const jumped = jump(60);
  expect(Number(await running)).toBeLessThan(Date.now() + 1_000);
  expect(await jumped).toMatchObject({ aheadSeconds: 60 });
});

test("an asynchronous invocation that fails is tried again after each jump", async () => {
  await fixture.deploy({ work: { code: FAIL } });
  await invoke({}, "Event");
  await jump(60);
  await expect.poll(outcomes).toEqual(["error", "error"]);
  await jump(120);
  await expect.poll(outcomes).toEqual(["error", "error", "error"]);
});

test("a batch that gathers keeps time from jumping, so that its messages do not come twice", async () => {
  const resources = queueWithConsumer({ MaximumBatchingWindowInSeconds: 2 });
  await fixture.deploy({ work: { code: REFUSE_BAD } }, resources);
  await send("orders", "good");
  await expect.poll(() => peek("orders")).toMatchObject([{ ReceiveCount: 1 }]);
  await expect(jump(300, 0)).rejects.toThrow("messages of orders that gather for work");
  await jump(300);
  await expect.poll(() => peek("orders")).toEqual([]);
  expect(await outcomes()).toEqual(["success"]);
});

test("a throttled batch does not keep time from jumping: its messages have used up a receive, and come again", async () => {
  const properties = { ReservedConcurrentExecutions: 0 };
  await fixture.deploy({ work: { code: REFUSE_BAD, properties } }, queueWithConsumer());
  await send("orders", "good");
  await expect.poll(() => peek("orders")).toMatchObject([{ ReceiveCount: 1 }]);
  await jump(300);
  await expect.poll(() => peek("orders")).toMatchObject([{ ReceiveCount: 2 }]);
  await fixture.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: "work", ReservedConcurrentExecutions: 1 }),
  );
  await expect.poll(() => peek("orders")).toEqual([]);
});

test("an idle event source is as idle after a jump as before", async () => {
  await fixture.deploy({ work: { code: REFUSE_BAD } }, queueWithConsumer());
  await jump(DAY_SECONDS);
  const before = performance.eventLoopUtilization();
  await wait(500);
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
});

test("what a function has logged is kept however far time jumps, until its retention is over", async () => {
  await fixture.deploy({ work: { code: `export const handler = async () => console.log("here");` } });
  await invoke();
  await jump(14 * DAY_SECONDS);
  const group = { logGroupName: "/aws/lambda/work" };
  const logged = async () => {
    const { events } = await fixture.region.call("logs", "FilterLogEvents", { ...group, filterPattern: "here" });
    return (events as unknown[]).length;
  };
  await expect.poll(logged).toBe(1);
  await fixture.region.call("logs", "PutRetentionPolicy", { ...group, retentionInDays: 30 });
  await jump(14 * DAY_SECONDS);
  expect(await logged()).toBe(1);
  await jump(3 * DAY_SECONDS);
  await expect.poll(logged).toBe(0);
});

test("a change in a table is seen by its stream's function before time jumps over the stream's 24 hours", async () => {
  const code = `export const handler = async ({ Records }) => console.log("got", Records.map(({ dynamodb }) => dynamodb.Keys.id.S).join());`;
  const table = {
    Table: {
      Type: "AWS::DynamoDB::Table",
      Properties: {
        TableName: "orders",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        StreamSpecification: { StreamViewType: "KEYS_ONLY" },
      },
    },
    Mapping: {
      Type: "AWS::Lambda::EventSourceMapping",
      Properties: {
        FunctionName: { Ref: "Functionwork" },
        EventSourceArn: { "Fn::GetAtt": ["Table", "StreamArn"] },
        StartingPosition: "TRIM_HORIZON",
        MaximumBatchingWindowInSeconds: 1,
      },
    },
  };
  await fixture.deploy({ work: { code } }, table);
  const put = (id: string) =>
    fixture.region.call("dynamodb", "PutItem", { TableName: "orders", Item: { id: { S: id } } });
  for (const id of ["1", "2"]) {
    await put(id);
    await jump(2 * DAY_SECONDS);
  }
  const got = async () => {
    const input = { logGroupName: "/aws/lambda/work", filterPattern: "got" };
    const { events } = await fixture.region.call("logs", "FilterLogEvents", input);
    return (events as { message: string }[]).map(({ message }) => /got (.*)/.exec(message)?.[1]);
  };
  await expect.poll(got).toEqual(["1", "2"]);
});
