import { SendMessageBatchCommand, SendMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";
import { reliq } from "./command.ts";

const APP = `
import { Consumer, Journal, ReliableQueue } from "@reliq/cdk";
import { App, Duration, Stack } from "aws-cdk-lib";

const stack = new Stack(new App(), "orders");
const journal = new Journal(stack, "Journal");
for (const name of ["orders", "orders.fifo"]) {
  const queue = new ReliableQueue(stack, name, {
    queueName: name,
    fifo: name.endsWith(".fifo"),
    visibilityTimeout: Duration.seconds(60),
    maxReceiveCount: 2,
  });
  new Consumer(stack, \`\${name} consumer\`, { queue, journal, entry: "handler.ts", timeout: Duration.seconds(10) });
}`;

const HANDLER = `
import { setTimeout } from "node:timers/promises";
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer } from "@reliq/core";

const orders = consumer({
  name: "orders",
  schema: { "~standard": { version: 1, vendor: "journey", validate: (value) => ({ value }) } },
  async handle(order) {
    if (order === "slow") await setTimeout(6_000);
    if (order === "bad") throw new Error("boom");
  },
});
export const handler = lambdaHandler(orders, portsFromEnvironment());`;

interface Dead {
  readonly messageId: string;
  readonly cause: string;
  readonly evidence: string;
  readonly inferred: boolean;
}

async function readDead({ endpoint }: RunningApp): Promise<readonly Dead[]> {
  return JSON.parse((await reliq("failures", "--json", "--endpoint", endpoint)).output) as Dead[];
}

test("a handler that outlasts its visibility and a message behind a failing sibling are told from a throw", async () => {
  await withApp({ "app.ts": APP, "handler.ts": HANDLER }, async (app) => {
    const { sqs, url } = app;
    // Shorter than the handler needs: no construct lets that pass, so it is done to the queues behind their backs.
    for (const queue of ["orders", "orders.fifo"]) {
      const Attributes = { VisibilityTimeout: "1" };
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url(queue), Attributes }));
    }
    const { MessageId: slow } = await sqs.send(
      new SendMessageCommand({ QueueUrl: url("orders"), MessageBody: '"slow"' }),
    );
    const { Successful = [] } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url("orders.fifo"),
        Entries: ["bad", "good"].map((Id) => ({
          Id,
          MessageBody: JSON.stringify(Id),
          MessageGroupId: "g",
          MessageDeduplicationId: Id,
        })),
      }),
    );
    const [bad, good] = Successful.map(({ MessageId }) => MessageId);
    await expect.poll(() => readDead(app), { timeout: 40_000, interval: 500 }).toHaveLength(3);
    // Its last invocation ends some seconds after the message has died.
    await expect
      .poll(async () => (await readDead(app)).find(({ messageId }) => messageId === slow), { timeout: 40_000 })
      .toMatchObject({ cause: "visibility-expired", evidence: expect.stringContaining("its last"), inferred: true });
    const dead = await readDead(app);
    expect(dead.find(({ messageId }) => messageId === bad)).toMatchObject({ cause: "threw", inferred: false });
    expect(dead.find(({ messageId }) => messageId === good)).toMatchObject({
      cause: "skipped-behind-sibling",
      evidence: expect.stringContaining(`"${bad}" of its group`),
      inferred: false,
    });
  });
}, 120_000);

const DEATHS_APP = `
import { Consumer, Journal, ReliableQueue } from "@reliq/cdk";
import { App, Duration, Stack } from "aws-cdk-lib";

const stack = new Stack(new App(), "deaths");
const journal = new Journal(stack, "Journal");
for (const name of ["orders", "throttled"]) {
  const queue = new ReliableQueue(stack, name, { queueName: name, visibilityTimeout: Duration.seconds(8), maxReceiveCount: 1 });
  const reservedConcurrency = name === "throttled" ? 0 : 5;
  const entry = "handler.ts";
  new Consumer(stack, \`\${name} consumer\`, {
    queue, journal, entry, reservedConcurrency, batchSize: 1, timeout: Duration.seconds(4), memorySizeMb: 256,
  });
}`;

const DEATHS_HANDLER = `
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer } from "@reliq/core";

const hang = () => { for (;;); };
const orders = consumer({
  name: "orders",
  schema: { "~standard": { version: 1, vendor: "journey", validate: (value) => ({ value }) } },
  handle(order) {
    if (order === "hang") hang();
    if (order === "crash") process.exit(7);
    if (order === "memory") {
      const kept = [];
      for (;;) kept.push(new Array(32_000_000).fill(0));
    }
    throw new Error("no difference in words");
  },
});
export const handler = lambdaHandler(orders, portsFromEnvironment());`;

test("a timed-out, a crashed, an out-of-memory and a throttled function and a throw are told apart, and not by words", async () => {
  await withApp({ "app.ts": DEATHS_APP, "handler.ts": DEATHS_HANDLER }, async (app) => {
    const { sqs, url } = app;
    const send = async (queue: string, body: string): Promise<string> => {
      const command = new SendMessageCommand({ QueueUrl: url(queue), MessageBody: JSON.stringify(body) });
      return (await sqs.send(command)).MessageId ?? "";
    };
    const ids = {
      hang: await send("orders", "hang"),
      crash: await send("orders", "crash"),
      memory: await send("orders", "memory"),
      throw: await send("orders", "throw"),
      throttled: await send("throttled", "throw"),
    };
    await expect.poll(() => readDead(app), { timeout: 90_000, interval: 500 }).toHaveLength(5);
    const dead = await readDead(app);
    const found = (id: string): Dead | undefined => dead.find(({ messageId }) => messageId === id);
    expect(found(ids.hang)).toMatchObject({ cause: "timed-out", inferred: true });
    expect(found(ids.crash)).toMatchObject({ cause: "crashed", inferred: true });
    expect(found(ids.memory)).toMatchObject({ cause: "crashed", evidence: expect.stringContaining("out-of-memory") });
    expect(found(ids.throttled)).toMatchObject({ cause: "throttled-never-ran", inferred: true });
    expect(found(ids.throw)).toMatchObject({ cause: "threw", inferred: false });
  });
}, 180_000);
