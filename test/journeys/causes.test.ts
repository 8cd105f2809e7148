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
