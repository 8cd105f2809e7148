import { DynamoDBClient, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { outboxItem } from "@reliq/aws";
import { expect, test } from "vitest";
import { withApp } from "./app.ts";
import { readAccounts, readPeeked } from "./region.ts";

const APP = `
import { Outbox, ReliableQueue } from "@reliq/cdk";
import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { AttributeType, StreamViewType, Table } from "aws-cdk-lib/aws-dynamodb";

const stack = new Stack(new App(), "orders");
const table = new Table(stack, "Orders", {
  tableName: "orders",
  partitionKey: { name: "pk", type: AttributeType.STRING },
  stream: StreamViewType.NEW_IMAGE,
  timeToLiveAttribute: "expiresAt",
  removalPolicy: RemovalPolicy.DESTROY,
});
const queue = new ReliableQueue(stack, "Placed", { queueName: "placed.fifo", fifo: true });
new Outbox(stack, "Outbox", { table, queue, entry: "handler.ts" });`;

const HANDLER = `
import { outboxHandler, producerFromEnvironment } from "@reliq/aws";

export const handler = outboxHandler(producerFromEnvironment({ groupId: ({ body }) => JSON.parse(body).customerId }));`;

test("a message is sent by the outbox if and only if its transaction happened, in the order of the transactions", async () => {
  await withApp({ "app.ts": APP, "handler.ts": HANDLER }, async ({ endpoint, settings }) => {
    const client = new DynamoDBClient(settings);
    const place = (orderId: string): Promise<unknown> => {
      const message = outboxItem({ body: JSON.stringify({ orderId, customerId: "c-1" }) });
      const once = "attribute_not_exists(pk)";
      return client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: "orders", Item: { pk: { S: orderId } }, ConditionExpression: once } },
            { Put: { TableName: "orders", Item: { pk: { S: `outbox#${orderId}#${Math.random()}` }, ...message } } },
          ],
        }),
      );
    };
    await expect.poll(() => place("o-1").then(() => "placed", String), { timeout: 20_000 }).toBe("placed");
    await expect(place("o-1")).rejects.toThrow("Transaction cancelled");
    await place("o-2");
    const sent = async (): Promise<unknown[]> =>
      (await readPeeked(endpoint, "placed.fifo")).map(({ Body }) => JSON.parse(Body).orderId);
    await expect.poll(sent, { timeout: 40_000, interval: 300 }).toEqual(["o-1", "o-2"]);
    const accounts = await readAccounts(endpoint);
    expect(accounts.find(({ queue }) => queue === "placed.fifo")).toMatchObject({ accepted: 2, difference: 0 });
    expect(accounts.filter(({ accepted }) => accepted > 0)).toHaveLength(1);
  });
}, 120_000);
