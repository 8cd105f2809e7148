import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Aws, awsAt, knowsCommand, NO_AWS } from "./aws.ts";
import { type Running, startReliq } from "./command.ts";
import { untilReady } from "./region.ts";

const json = JSON.stringify;
// Each command of the CLI starts a Python.
vi.setConfig({ testTimeout: 240_000 });

const NO_MOVES = knowsCommand("sqs", "start-message-move-task")
  ? false
  : "this version of the AWS CLI has no move tasks";

let directory: string;
let region: Running;
let aws: Aws;
let endpoint: string;

async function start(...command: string[]): Promise<void> {
  directory = mkdtempSync(join(tmpdir(), "reliq-aws-"));
  region = startReliq([...command, "--port", "0", "--state", join(directory, "state")]);
  endpoint = await untilReady(region);
  aws = awsAt(endpoint);
}

async function stop(): Promise<void> {
  region.child.kill("SIGINT");
  await region.ended;
  rmSync(directory, { recursive: true, force: true });
}

describe.skipIf(NO_AWS)(`the AWS CLI on an empty region${NO_AWS ? ` (skipped: ${NO_AWS})` : ""}`, () => {
  beforeAll(() => start("local", "start"), 60_000);
  afterAll(stop);

  const sqs = (command: string, ...args: string[]) => aws("sqs", command, ...args);
  const attributesOf = async (queue: string) =>
    (await sqs("get-queue-attributes", "--queue-url", queue, "--attribute-names", "All")).Attributes;

  test("SQS: a queue with its dead-letter queue, from the first message to the purge", async () => {
    const { QueueUrl: dead } = await sqs("create-queue", "--queue-name", "dead");
    const deadLetterTargetArn = (await attributesOf(dead)).QueueArn;
    const RedrivePolicy = json({ deadLetterTargetArn, maxReceiveCount: 1 });
    const create = ["--queue-name", "orders", "--attributes", json({ RedrivePolicy, VisibilityTimeout: "60" })];
    const { QueueUrl: orders } = await sqs("create-queue", ...create);
    const toOrders = ["--queue-url", orders];
    expect(await sqs("list-dead-letter-source-queues", "--queue-url", dead)).toEqual({ queueUrls: [orders] });

    const store = { store_id: { DataType: "Number", StringValue: "3" } };
    const attributes = ["--message-attributes", json(store)];
    const sent = await sqs("send-message", ...toOrders, "--message-body", "ü <&>", ...attributes);
    const received = await sqs("receive-message", ...toOrders, "--message-attribute-names", "All");
    expect(received.Messages).toMatchObject([
      { MessageId: sent.MessageId, Body: "ü <&>", MD5OfBody: sent.MD5OfMessageBody, MessageAttributes: store },
    ]);
    const handle = ["--receipt-handle", received.Messages[0].ReceiptHandle];
    await sqs("change-message-visibility", ...toOrders, ...handle, "--visibility-timeout", "90");
    await sqs("delete-message", ...toOrders, ...handle);

    const entries = ["a", "b"].map((Id) => ({ Id, MessageBody: Id, MessageAttributes: store }));
    const batch = await sqs("send-message-batch", ...toOrders, "--entries", json(entries));
    expect(batch.Successful).toMatchObject([{ Id: "a" }, { Id: "b" }]);
    const fail = () =>
      sqs("receive-message", ...toOrders, "--visibility-timeout", "0", "--max-number-of-messages", "10");
    expect((await fail()).Messages).toHaveLength(2);
    expect(await fail()).toBe("");
    expect(await attributesOf(dead)).toMatchObject({ ApproximateNumberOfMessages: "2" });
    await sqs("purge-queue", "--queue-url", dead);
    expect(await attributesOf(dead)).toMatchObject({ ApproximateNumberOfMessages: "0" });
  });

  const moves = `SQS: dead letters go back by a move task${NO_MOVES ? ` (skipped: ${NO_MOVES})` : ""}`;
  test.skipIf(NO_MOVES)(moves, async () => {
    const { QueueUrl: dead } = await sqs("create-queue", "--queue-name", "dead-tasks");
    const deadLetterTargetArn = (await attributesOf(dead)).QueueArn;
    const RedrivePolicy = json({ deadLetterTargetArn, maxReceiveCount: 1 });
    const { QueueUrl } = await sqs("create-queue", "--queue-name", "tasks", "--attributes", json({ RedrivePolicy }));
    await sqs("send-message", "--queue-url", QueueUrl, "--message-body", "again");
    for (let receive = 0; receive < 2; receive++) {
      await sqs("receive-message", "--queue-url", QueueUrl, "--visibility-timeout", "0");
    }
    await sqs("start-message-move-task", "--source-arn", deadLetterTargetArn);
    const tasks = () => sqs("list-message-move-tasks", "--source-arn", deadLetterTargetArn);
    await expect.poll(async () => (await tasks()).Results[0].Status, { timeout: 20_000 }).toBe("COMPLETED");
    expect(await attributesOf(QueueUrl)).toMatchObject({ ApproximateNumberOfMessages: "1" });
  });

  test("what is not served is refused by name, and a malformed call with the service's own code", async () => {
    const permission = ["--queue-url", endpoint, "--label", "l", "--aws-account-ids", "1", "--actions", "SendMessage"];
    await expect(sqs("add-permission", ...permission)).rejects.toThrow("does not serve sqs:AddPermission");
    await expect(sqs("get-queue-url", "--queue-name", "none")).rejects.toThrow(
      /\(\S*NonExistentQueue\S*\) when calling the GetQueueUrl operation/,
    );
  });

  test("DynamoDB: a table, conditional writes, a query, a transaction and a statement", async () => {
    const dynamodb = (command: string, ...args: string[]) => aws("dynamodb", command, ...args);
    const table = ["--table-name", "orders"];
    const key = ["AttributeName=shop,KeyType=HASH", "AttributeName=number,KeyType=RANGE"];
    const attributes = ["AttributeName=shop,AttributeType=S", "AttributeName=number,AttributeType=N"];
    const shape = ["--key-schema", ...key, "--attribute-definitions", ...attributes];
    const { TableDescription } = await dynamodb(
      "create-table",
      ...table,
      ...shape,
      "--billing-mode",
      "PAY_PER_REQUEST",
    );
    expect(TableDescription).toMatchObject({ TableName: "orders", TableStatus: "CREATING" });

    const item = (number: string, amount: string) => ({
      shop: { S: "a" },
      number: { N: number },
      amount: { N: amount },
    });
    const condition = ["--condition-expression", "attribute_not_exists(shop)"];
    const put = () => dynamodb("put-item", ...table, "--item", json(item("1", "0.1")), ...condition);
    await put();
    await expect(put()).rejects.toThrow("(ConditionalCheckFailedException)");
    const writes = ["2", "3"].map((number) => ({ Put: { TableName: "orders", Item: item(number, "7") } }));
    await dynamodb("transact-write-items", "--transact-items", json(writes));
    const statement = `UPDATE "orders" SET "amount" = 9 WHERE "shop" = 'a' AND "number" = 3`;
    await dynamodb("execute-statement", "--statement", statement);
    const values = ["--expression-attribute-values", json({ ":shop": { S: "a" } })];
    const { Items } = await dynamodb("query", ...table, "--key-condition-expression", "shop = :shop", ...values);
    expect(Items).toEqual([item("1", "0.1"), item("2", "7"), item("3", "9")]);
  });

  test("S3: a file goes up and comes down as it was", async () => {
    const file = join(directory, "event.txt");
    writeFileSync(file, "ü\r\n");
    await aws("s3", "mb", "s3://archive");
    await aws("s3", "cp", file, "s3://archive/2026/a b.txt");
    expect(await aws("s3", "ls", "s3://archive/", "--recursive")).toMatch(/ 4 2026\/a b\.txt\n$/);
    await aws("s3", "cp", "s3://archive/2026/a b.txt", `${file}.back`);
    expect(readFileSync(`${file}.back`, "utf8")).toBe("ü\r\n");
    await expect(aws("s3api", "get-bucket-cors", "--bucket", "archive")).rejects.toThrow("(NotImplemented)");
    await aws("s3", "rm", "s3://archive/2026/a b.txt");
    await expect(aws("s3", "ls", "s3://archive/2026/")).rejects.toThrow();
  });
});

describe.skipIf(NO_AWS)(`the AWS CLI on apps/store-events${NO_AWS ? ` (skipped: ${NO_AWS})` : ""}`, () => {
  beforeAll(() => start("run", "apps/store-events", "--quiet"), 60_000);
  afterAll(stop);

  test("a person finds the producer in the stack's outputs, invokes it, and reads the consumer's log", async () => {
    const stack = "sqs-message-producer-ingestor-stack";
    const { Stacks } = await aws("cloudformation", "describe-stacks", "--stack-name", stack);
    const outputs = Stacks[0].Outputs as { readonly OutputKey: string; readonly OutputValue: string }[];
    const producer = outputs.find(({ OutputKey }) => OutputKey === "SqsDataProducer")?.OutputValue ?? "";
    const consumer = "reliable_queue_consumer_reliable-sqs-with-dlq-stack";
    const { Functions } = await aws("lambda", "list-functions");
    const names = Functions.map(({ FunctionName }: { FunctionName: string }) => FunctionName);
    expect(names).toEqual([producer, consumer]);

    const answer = join(directory, "answer.json");
    const payload = ["--payload", '{"seconds":0.5}', "--cli-binary-format", "raw-in-base64-out"];
    await aws("lambda", "invoke", "--function-name", producer, ...payload, answer);
    expect(JSON.parse(readFileSync(answer, "utf8"))).toMatchObject({ statusCode: 200 });

    const group = `/aws/lambda/${consumer}`;
    const report = ["filter-log-events", "--log-group-name", group, "--filter-pattern", '"tot_msgs"'];
    await expect
      .poll(async () => (await aws("logs", ...report)).events, { timeout: 30_000, interval: 1_000 })
      .not.toHaveLength(0);
    expect(await aws("logs", "tail", group, "--since", "10m")).toContain("tot_msgs");
    await expect(aws("lambda", "get-function", "--function-name", "none")).rejects.toThrow(
      "(ResourceNotFoundException)",
    );
  });
});
