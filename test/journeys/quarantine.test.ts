import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, dynamodbQuarantine } from "@reliq/aws";
import { auditOrder } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";
import { readAccounts } from "./region.ts";

const APP = `
import { Consumer, Journal, Recovery, ReliableQueue } from "@reliq/cdk";
import { App, Duration, Stack } from "aws-cdk-lib";
import { AttributeType, Table } from "aws-cdk-lib/aws-dynamodb";

const stack = new Stack(new App(), "trades");
const journal = new Journal(stack, "Journal", { tableName: "journal" });
const partitionKey = { name: "pk", type: AttributeType.STRING };
const effects = new Table(stack, "Effects", { tableName: "effects", partitionKey });
const recovery = new Recovery(stack, "Recovery", { journal, entry: "recovery.ts", tableName: "failures" });
for (const kind of ["held", "skipped"]) {
  const queue = new ReliableQueue(stack, kind, {
    queueName: kind + ".fifo",
    fifo: true,
    visibilityTimeout: Duration.seconds(30),
    maxReceiveCount: 2,
  });
  const consumer = new Consumer(stack, kind + "Consumer", {
    queue,
    journal,
    entry: kind + ".ts",
    timeout: Duration.seconds(5),
    effect: "transactional",
    ...(kind === "held" && { quarantine: recovery }),
  });
  effects.grantWriteData(consumer.function);
  recovery.attach(queue);
}`;

/** An effect appends the message's number to its group's list, so that the list says in which order they were. */
const handler = (kind: string, onPoison: string): string => `
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer, exponential, ValidationFailure } from "@reliq/core";

const trades = consumer({
  name: "${kind}",
  schema: { "~standard": { version: 1, vendor: "journey", validate: (value) => ({ value }) } },
  effect: "transactional",
  onPoison: "${onPoison}",
  retry: { backoff: exponential({ baseSeconds: 1, capSeconds: 1 }) },
  handle({ number, amount }, { groupId }) {
    if (amount < 0) throw new ValidationFailure("the amount is negative");
    const ExpressionAttributeValues = { ":none": { L: [] }, ":number": { L: [{ N: String(number) }] } };
    const UpdateExpression = "SET effects = list_append(if_not_exists(effects, :none), :number)";
    const Key = { pk: { S: "${kind}#" + groupId } };
    return { writes: [{ Update: { TableName: "effects", Key, UpdateExpression, ExpressionAttributeValues } }] };
  },
});
export const handler = lambdaHandler(trades, portsFromEnvironment());`;

const RECOVERY = `
import { recoveryFromEnvironment, recoveryHandler } from "@reliq/aws/recovery";

const schema = { "~standard": { version: 1, vendor: "journey", validate: (value) => ({ value }) } };
const repair = (body) => (body.amount < 0 ? { ...body, amount: -body.amount } : undefined);
const repairs = ["held.fifo", "skipped.fifo"].map((queue) => ({ name: "sign of " + queue, queue, schema, repair }));
const policy = {
  rules: repairs.map(({ name, queue }) => ({ name, when: { queue }, then: ["repair"], repair: name })),
  otherwise: ["heal"],
  backoff: { baseSeconds: 15, capSeconds: 15, jitter: "none" },
};
export const handler = recoveryHandler(recoveryFromEnvironment({ policy, repairs }));`;

const FILES = {
  "app.ts": APP,
  "held.ts": handler("held", "hold-group"),
  "skipped.ts": handler("skipped", "skip"),
  "recovery.ts": RECOVERY,
};

const POLL = { timeout: 90_000, interval: 250 };

async function readEffects({ settings }: RunningApp, queue: string, group: string): Promise<readonly number[]> {
  const Key = { pk: { S: `${queue}#${group}` } };
  const client = new DynamoDBClient(settings);
  const { Item } = await client.send(new GetItemCommand({ TableName: "effects", Key, ConsistentRead: true }));
  return (Item?.["effects"]?.L ?? []).map(({ N }) => Number(N));
}

/** The second of the group AAPL is bad. */
async function send({ sqs, url }: RunningApp, queue: string, group: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url(`${queue}.fifo`),
        MessageBody: JSON.stringify({ number, amount: number === 2 && group === "AAPL" ? -number : number }),
        MessageGroupId: group,
        MessageDeduplicationId: `${group}-${number}`,
      }),
    );
  }
}

test("a group is held behind its poison message and goes on in order once that is repaired; skipped, its order is broken", async () => {
  await withApp(FILES, async (app) => {
    const dynamodb = new DynamoDBClient(app.settings);
    const readMark = async (): Promise<unknown> =>
      (await dynamodbQuarantine(dynamodb, "failures").marks([{ queue: "held.fifo", group: "AAPL" }]))[0];
    await send(app, "held", "AAPL", [1, 2, 3, 4, 5]);
    await send(app, "skipped", "AAPL", [1, 2]);
    await send(app, "held", "MSFT", [1, 2, 3, 4, 5]);
    await expect.poll(readMark, POLL).toMatchObject({ phase: "held", setAside: 3 });
    expect(await readEffects(app, "held", "AAPL")).toEqual([1]);
    await expect.poll(() => readEffects(app, "held", "MSFT"), POLL).toEqual([1, 2, 3, 4, 5]);
    const store = dynamodbFailureStore(dynamodb, "failures");
    await expect
      .poll(async () => (await store.listFailures({ filter: { queue: "skipped.fifo" } })).failures.length, POLL)
      .toBe(1);
    await send(app, "skipped", "AAPL", [3, 4, 5]);
    await expect.poll(() => readEffects(app, "held", "AAPL"), POLL).toEqual([1, 2, 3, 4, 5]);
    await expect.poll(() => readEffects(app, "skipped", "AAPL"), POLL).toEqual([1, 3, 4, 5, 2]);
    await expect
      .poll(() => auditOrder("skipped.fifo", { store }), POLL)
      .toMatchObject({ groups: 1, outOfOrder: [{ group: "AAPL", state: "resolved" }] });
    expect(await auditOrder("held.fifo", { store })).toMatchObject({ groups: 1, outOfOrder: [] });
    await expect.poll(readMark, POLL).toMatchObject({ phase: "free", setAside: 3, sent: 3 });
    await expect
      .poll(() => readAccounts(app.endpoint), POLL)
      .toContainEqual(
        expect.objectContaining({ queue: "held.fifo", accepted: 10, processed: 10, setAside: 0, difference: 0 }),
      );
  });
}, 200_000);
