import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { producer } from "@reliq/aws";
import { claimCheck } from "@reliq/aws/s3";
import { expect, test } from "vitest";
import { withApp } from "./app.ts";
import { reliq } from "./command.ts";
import { readAccounts } from "./region.ts";

const APP = `
import { Consumer, Journal, LargeBodies, ReliableQueue } from "@reliq/cdk";
import { App, Duration, Stack } from "aws-cdk-lib";

const stack = new Stack(new App(), "orders");
const visibilityTimeout = Duration.seconds(60);
new Consumer(stack, "Consumer", {
  queue: new ReliableQueue(stack, "Orders", { queueName: "orders", visibilityTimeout, maxReceiveCount: 1 }),
  journal: new Journal(stack, "Journal"),
  entry: "handler.ts",
  largeBodies: new LargeBodies(stack, "Bodies", { bucketName: "order-bodies" }),
  failFast: true,
});`;

const HANDLER = `
import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
import { consumer } from "@reliq/core";

const orders = consumer({
  name: "orders",
  schema: { "~standard": { version: 1, vendor: "journey", validate: (value) => ({ value }) } },
  failFast: true,
  handle(order) {
    if (order.text.length !== 1_500_000) throw new Error("cut");
  },
});
export const handler = lambdaHandler(orders, portsFromEnvironment());`;

test("a body over SQS's limit goes through the bucket of the construct, and a pointer to another bucket is refused", async () => {
  await withApp({ "app.ts": APP, "handler.ts": HANDLER }, async ({ endpoint, settings, sqs, url }) => {
    const client = new S3Client(settings);
    await expect
      .poll(async () => (await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name))
      .toContain("order-bodies");
    const bodies = claimCheck({ bucket: "order-bodies", client });
    const orders = producer({ client: sqs, queueUrl: url("orders"), claimCheck: bodies });
    await orders.send([{ body: JSON.stringify({ text: "x".repeat(1_500_000) }) }]);
    await expect
      .poll(async () => (await readAccounts(endpoint))[0], { timeout: 40_000, interval: 300 })
      .toMatchObject({ accepted: 1, processed: 1, difference: 0 });

    await client.send(new CreateBucketCommand({ Bucket: "secrets" }));
    await client.send(new PutObjectCommand({ Bucket: "secrets", Key: "k", Body: '{"text":"secret"}' }));
    const s3 = { bucket: "secrets", key: "k" };
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url("orders"),
        MessageBody: JSON.stringify({ s3 }),
        MessageAttributes: { Reliq: { DataType: "String", StringValue: JSON.stringify({ v: 1, s3 }) } },
      }),
    );
    await expect
      .poll(async () => (await reliq("failures", "--endpoint", endpoint)).output, { timeout: 40_000, interval: 300 })
      .toContain("bucket secrets, which is not one of");
  });
}, 120_000);
