import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from "@aws-sdk/client-lambda";
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { dynamodbBreakers } from "@reliq/aws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StartedApp, startApp } from "./app.ts";
import { reliq } from "./command.ts";

const APP = `
import { Consumer, Journal, Remediation, ReliableQueue } from "@reliq/cdk";
import { App, Duration, Stack } from "aws-cdk-lib";

const stack = new Stack(new App(), "shop");
const journal = new Journal(stack, "Journal", { tableName: "journal" });
const worker = (name: string, more = {}) => {
  const queue = new ReliableQueue(stack, name, { queueName: name, visibilityTimeout: Duration.seconds(60) });
  const timeout = Duration.seconds(10);
  return new Consumer(stack, name + "Worker", { entry: "slow.ts", functionName: name, queue, journal, timeout, maximumConcurrency: 2, ...more });
};
const busy = worker("busy");
const payments = worker("payments");
new Remediation(stack, "Remediation", {
  enabled: true,
  functionName: "remediation",
  tableName: "remedies",
  journal,
  remedies: [
    { name: "more", kind: "scale-concurrency", consumer: busy, backlogAbove: 10, most: 6, cooldownSeconds: 60, calmSeconds: 120 },
    { name: "pause", kind: "pause-intake", consumer: payments, breaker: "gateway", mostSeconds: 900, calmSeconds: 120 },
  ],
});`;

const SLOW = `
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer } from "@reliq/core";

const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } } as const;
const slow = consumer({ name: "slow", schema, handle: () => new Promise((done) => setTimeout(done, 1_500)) });
export const handler = lambdaHandler(slow, portsFromEnvironment());`;

const PATIENCE = { timeout: 120_000, interval: 500 };

let started: StartedApp;
let lambda: LambdaClient;

beforeAll(async () => {
  started = await startApp({ "app.ts": APP, "slow.ts": SLOW }, ["--jumps"]);
  lambda = new LambdaClient(started.app.settings);
}, 240_000);
afterAll(() => started?.end());

async function mappingOf(FunctionName: string) {
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  return await lambda.send(new GetEventSourceMappingCommand({ UUID: EventSourceMappings[0]?.UUID }));
}

const most = async () => (await mappingOf("busy")).ScalingConfig?.MaximumConcurrency;
const state = async () => (await mappingOf("payments")).State;
const run = async () =>
  expect(await reliq("invoke", "remediation", "--endpoint", started.app.endpoint)).toMatchObject({ code: 0 });
const jump = async (minutes: number) => {
  const jumped = await reliq("local", "jump", `${minutes}m`, "--wait", "120", "--endpoint", started.app.endpoint);
  expect(jumped.output).toContain("The region's time is");
};

test("a backlog has its consumer work on more at once, step by step and no further, until it is gone", async () => {
  expect(await most()).toBe(2);
  const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: "{}" }));
  for (let batch = 0; batch < 6; batch++) {
    await started.app.sqs.send(new SendMessageBatchCommand({ QueueUrl: started.app.url("busy"), Entries }));
  }
  await run();
  expect(await most()).toBe(4);
  await run();
  expect(await most()).toBe(4);
  await jump(2);
  await jump(3);
  await expect.poll(most, PATIENCE).toBe(2);
}, 240_000);

test("an intake is off while the breaker of what it calls was open lately, and on again when that is over", async () => {
  await run();
  expect(await state()).toBe("Enabled");
  const breakers = dynamodbBreakers(new DynamoDBClient(started.app.settings), "journal");
  const aheadMs = 60 * 60_000;
  await breakers.opened("gateway", Date.now() + aheadMs);
  await run();
  expect(await state()).toBe("Disabled");
  // After the most that it may be off it is on, although the breaker is open still.
  await jump(16);
  await expect.poll(state, PATIENCE).toBe("Enabled");
  expect(
    (await lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: "payments" }))).ReservedConcurrentExecutions,
  ).toBeUndefined();
}, 240_000);
