import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore } from "@reliq/aws";
import type { FailureSummary } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";

const APP = `
import { join } from "node:path";
import { Consumer, Journal, Recovery, ReliableQueue } from "@reliq/cdk";
import { App, Duration, Stack } from "aws-cdk-lib";

const stack = new Stack(new App(), "orders");
const journal = new Journal(stack, "Journal", { tableName: "journal" });
const queue = new ReliableQueue(stack, "Orders", {
  queueName: "orders",
  visibilityTimeout: Duration.seconds(6),
  maxReceiveCount: 1,
});
const environment = { DOWN: join(import.meta.dirname, "down") };
new Consumer(stack, "Consumer", { queue, journal, entry: "handler.ts", timeout: Duration.seconds(1), environment });
const recovery = new Recovery(stack, "Recovery", { journal, entry: "recovery.ts" });
recovery.attach(queue);`;

const HANDLER = `
import { existsSync } from "node:fs";
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer, DependencyFailure } from "@reliq/core";

const orders = consumer({
  name: "orders",
  schema: { "~standard": { version: 1, vendor: "journey", validate: (value) => ({ value }) } },
  handle() {
    if (existsSync(process.env.DOWN)) throw new DependencyFailure("the stock service is down");
  },
});
export const handler = lambdaHandler(orders, portsFromEnvironment());`;

const RECOVERY = `
import { recoveryFromEnvironment, recoveryHandler } from "@reliq/aws/recovery";

const policy = {
  rules: [
    { name: "heal", when: { category: "dependency" }, then: ["heal"], maxHeals: 100, backoff: { baseSeconds: 2, capSeconds: 2, jitter: "none" } },
    { name: "archive", when: { category: "bad-payload" }, then: ["archive"] },
  ],
};
export const handler = recoveryHandler(recoveryFromEnvironment({ policy, repairs: [] }));`;

const POLL = { timeout: 300_000, interval: 500 };

async function readFailures({ settings }: RunningApp, queue: string): Promise<readonly FailureSummary[]> {
  const client = new DynamoDBClient(settings);
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const table = TableNames.find((name) => name !== "journal") ?? "";
  const { failures } = await dynamodbFailureStore(client, table).listFailures({ filter: { queue } });
  return failures;
}

test("a dead letter is captured with its reason, healed when its dependency is back, and seen resolved", async () => {
  await withApp({ "app.ts": APP, "handler.ts": HANDLER, "recovery.ts": RECOVERY }, async (app) => {
    const { sqs, url, directory } = app;
    writeFileSync(join(directory, "down"), "");
    const send = async (MessageBody: string): Promise<string> => {
      const { MessageId = "" } = await sqs.send(new SendMessageCommand({ QueueUrl: url("orders"), MessageBody }));
      return MessageId;
    };
    const down = await send("{}");
    const broken = await send("{");
    await expect.poll(async () => (await readFailures(app, "orders")).length, POLL).toBe(2);
    rmSync(join(directory, "down"));
    await expect
      .poll(async () => (await readFailures(app, "orders")).map(({ state }) => state).toSorted(), POLL)
      .toEqual(["archived", "resolved"]);
    const failures = await readFailures(app, "orders");
    const cause = { cause: "threw", inferred: false };
    expect(failures.find(({ lineage }) => lineage === down)).toMatchObject({
      ...cause,
      rule: "heal",
      resolvedBy: "claim",
      reason: { errorName: "DependencyFailure", message: "the stock service is down" },
    });
    expect(failures.find(({ lineage }) => lineage === broken)).toMatchObject({
      ...cause,
      rule: "archive",
      reason: { category: "bad-payload" },
      archive: { key: expect.stringMatching(/^archive\/orders\/\d{4}\//) },
    });
  });
}, 480_000);
