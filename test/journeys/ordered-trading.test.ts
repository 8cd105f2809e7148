import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, ListTablesCommand, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ListQueuesCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type SendReport, sendMessages } from "@reliq/aws";
import { type FailedMessage, failureId } from "@reliq/core/recovery";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { awsAt, NO_AWS } from "./aws.ts";
import { type Running, startReliq } from "./command.ts";
import { readFindings } from "./findings.ts";
import { untilReady } from "./region.ts";
import { storedOrder, TRADING_QUEUE, tradingFailures } from "./trading-app.ts";

const TIME = "2026-11-26T10:00:00.000Z";
const patience = { timeout: 60_000, interval: 500 };

let state: string;
let running: Running;
let endpoint: string;
let sqs: SQSClient;
let dynamodb: DynamoDBClient;
let settings: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), "reliq-trading-"));
  running = startReliq(["run", "apps/ordered-trading", "--quiet", "--port", "0", "--state", state]);
  endpoint = await untilReady(running);
  settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
  sqs = new SQSClient(settings);
  dynamodb = new DynamoDBClient(settings);
}, 180_000);

afterAll(async () => {
  running.child.kill("SIGINT");
  await running.ended;
  rmSync(state, { recursive: true, force: true });
});

interface Sent {
  readonly body: unknown;
  readonly group: string;
  readonly deduplicationId?: string;
}

let sends = 0;
async function send(...messages: readonly Sent[]): Promise<SendReport["sent"]> {
  const outgoing = messages.map(({ body, group, deduplicationId = `d-${++sends}` }) => ({
    body: typeof body === "string" ? body : JSON.stringify(body),
    groupId: group,
    deduplicationId,
  }));
  const { sent, failed } = await sendMessages(sqs, `${endpoint}/000000000000/${TRADING_QUEUE}`, outgoing);
  expect(failed).toEqual([]);
  return sent;
}

function order(orderId: string, orderType: string, amount: number, changes: object = {}): Record<string, unknown> {
  return { orderId, orderType, amount, symbol: "AAPL", timestamp: TIME, ...changes };
}

const stored = (orderId: string) => storedOrder(dynamodb, orderId);

/** The failed message that a sent one became. */
async function failure(messageId = ""): Promise<FailedMessage | undefined> {
  return (await tradingFailures(dynamodb).failures([failureId(TRADING_QUEUE, messageId)]))[0];
}

interface Answer {
  readonly messages_found: number;
  readonly messages_to_replay: number;
  readonly messages: readonly {
    readonly failure: string;
    readonly verdict: string;
    readonly message_group_id: string;
  }[];
  readonly run?: { readonly state: string; readonly resolved: number };
  readonly errorMessage?: string;
}

async function replay(request: object): Promise<Answer> {
  const Payload = JSON.stringify({ replay_request: request });
  const invoke = new InvokeCommand({ FunctionName: "fifo-processing-message-replay", Payload });
  const { Payload: answer } = await new LambdaClient(settings).send(invoke);
  return JSON.parse(Buffer.from(answer ?? []).toString()) as Answer;
}

test("doctor finds the one thing that the system is asked to have, and nothing else: visibility as long as the processor's timeout", async () => {
  const found = ["warning visibility-below-six-timeouts fifo-processing-main-queue.fifo"];
  expect(await readFindings(endpoint)).toEqual({ code: 0, found });
});

describe("orders of many groups", () => {
  test("each have their effect once and in the sequence of their group, though clients send twice", async () => {
    const groups = ["account-1", "account-2", "account-3", "account-4"];
    const steps = [1, 2, 3, 4, 5, 6, 7, 8];
    for (const group of groups) await send({ body: order(`${group}-o`, "BUY", 8), group });
    for (const filled of steps) {
      // Twice within the queue's deduplication, and once more as a message of its own.
      const messages = groups.flatMap((group) => {
        const message = { body: order(`${group}-o`, "FILL", filled), group };
        return [
          { ...message, deduplicationId: `${group}-${filled}` },
          { ...message, deduplicationId: `${group}-${filled}` },
          message,
        ];
      });
      await send(...messages);
    }
    for (const group of groups) {
      const filled = { status: "FILLED", filledAmount: "8", version: "9", messageGroupId: group };
      await expect.poll(() => stored(`${group}-o`), patience).toMatchObject(filled);
    }
  }, 120_000);

  test("are found by symbol and status", async () => {
    await send({ body: order("by-symbol", "BUY", 3, { symbol: "TSLA" }), group: "account-5" });
    const query = new QueryCommand({
      TableName: "fifo-processing-orders",
      IndexName: "by-symbol-and-status",
      KeyConditionExpression: "symbol = :symbol AND #status = :status",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":symbol": { S: "TSLA" }, ":status": { S: "OPEN" } },
    });
    const found = async () => (await dynamodb.send(query)).Items?.map(({ orderId }) => orderId?.S);
    await expect.poll(found, patience).toEqual(["by-symbol"]);
  }, 120_000);
});

describe("poison", () => {
  test.each([
    ["a negative amount", "negative amount", { amount: -50 }, { amount: "50" }],
    ["no timestamp", "missing timestamp", { timestamp: undefined }, { amount: "50" }],
    ["a symbol in lower case", "symbol case", { symbol: "aapl" }, { symbol: "AAPL" }],
    [
      "all of that",
      "several faults",
      { amount: -50, symbol: "aapl", timestamp: undefined },
      { symbol: "AAPL", amount: "50" },
    ],
  ])(
    "with %s is repaired and has its effect; what the client sent is kept",
    async (_, rule, fault, becomes) => {
      const group = `repaired-${rule.replaceAll(" ", "-")}`;
      const body = order(group, "SELL", 50, fault);
      const [sent] = await send({ body, group });
      await expect.poll(() => stored(group), patience).toMatchObject({ status: "OPEN", ...becomes });
      await expect.poll(() => failure(sent?.messageId), patience).toMatchObject({ state: "resolved", rule });
      const { original, changes } = (await failure(sent?.messageId)) ?? expect.fail();
      expect(JSON.parse(original?.body ?? "")).toEqual(JSON.parse(JSON.stringify(body)));
      expect(changes).toMatchObject([{ kind: "repair" }]);
    },
    120_000,
  );

  test("that cannot be repaired is archived whole, and a person is told of what is critical", async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "told" }));
    const topic = "arn:aws:sns:us-east-1:000000000000:fifo-processing-alerts";
    const subscription = { TopicArn: topic, Protocol: "sqs", Endpoint: "arn:aws:sqs:us-east-1:000000000000:told" };
    await new SNSClient(settings).send(new SubscribeCommand(subscription));
    const kinds = [
      { rule: "no symbol", body: order("lost-1", "SELL", -50, { symbol: undefined }), alert: true },
      { rule: "unreadable", body: '{"orderId":"lost-2"', alert: true },
      { rule: "no valid order", body: order("lost-3", "BUY", 0), alert: false },
      { rule: "refused step", body: order("lost-4", "FILL", 1), alert: false },
    ];
    const sent = await send(...kinds.map(({ body }, index) => ({ body, group: `lost-${index}` })));
    for (const [index, { rule, body, alert }] of kinds.entries()) {
      const { messageId } = sent[index] ?? expect.fail();
      await expect.poll(() => failure(messageId), patience).toMatchObject({ state: "archived", rule, alert });
      const { archive } = (await failure(messageId)) ?? expect.fail();
      const s3 = new S3Client({ ...settings, forcePathStyle: true });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: archive?.bucket, Key: archive?.key }));
      const object = JSON.parse((await Body?.transformToString()) ?? "");
      const text = typeof body === "string" ? body : JSON.stringify(body);
      expect(object.failure).toMatchObject({
        body: text,
        groupId: `lost-${index}`,
        rule,
        reason: { category: expect.any(String) },
      });
      expect(object.attempts).toHaveLength(1);
    }
    const told: string[] = [];
    const hear = async (): Promise<string> => {
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      const { Messages = [] } = await sqs.send(receive);
      told.push(...Messages.map(({ Body = "" }) => Body));
      return told.join("\n");
    };
    await expect
      .poll(hear, patience)
      .toMatch(/ValidationFailure[\s\S]*BadPayloadFailure|BadPayloadFailure[\s\S]*ValidationFailure/);
  }, 120_000);

  test("raises its alarm, and is counted in the namespace of the system", async () => {
    const cloudwatch = new CloudWatchClient(settings);
    const names = async () => {
      const { Metrics = [] } = await cloudwatch.send(new ListMetricsCommand({ Namespace: "FIFO/MessageProcessing" }));
      return Metrics.map(({ MetricName }) => MetricName);
    };
    const counted = ["ProcessingEfficiency", "FailureRate", "ProcessingLatency", "PoisonMessages"];
    await expect.poll(names, patience).toEqual(expect.arrayContaining(counted));
    const alarms = new DescribeAlarmsCommand({ AlarmNames: ["fifo-processing-poison-messages"] });
    const states = async () => (await cloudwatch.send(alarms)).MetricAlarms?.map(({ StateValue }) => StateValue);
    await expect.poll(states, { timeout: 120_000, interval: 1_000 }).toEqual(["ALARM"]);
  }, 180_000);
});

describe("a replay", () => {
  const since = { start_time: "2026-01-01T00:00:00Z" };

  test("says exactly what it would do, and then does that", async () => {
    const group = "replayed";
    const [sent] = await send({ body: order("replayed", "FILL", 5), group });
    await expect.poll(() => failure(sent?.messageId), patience).toMatchObject({ state: "archived" });
    const of = { ...since, message_group_id: group };
    const plan = await replay({ ...of, dry_run: true });
    const expected = [
      { failure: failureId(TRADING_QUEUE, sent?.messageId ?? ""), message_group_id: group, verdict: "safe" },
    ];
    expect(plan).toMatchObject({ messages_found: 1, messages_to_replay: 1, messages: expected });
    expect(plan.run).toBeUndefined();
    expect(await failure(sent?.messageId)).toMatchObject({ state: "archived", sends: 0 });

    // The order had come to another system, and is brought over by hand.
    const placed = {
      ...order("replayed", "BUY", 5),
      status: "OPEN",
      messageGroupId: group,
      placedAt: TIME,
      changedAt: TIME,
    };
    const texts = Object.entries(placed).filter(([, value]) => typeof value === "string");
    const Item = {
      ...Object.fromEntries(texts.map(([name, S]) => [name, { S: String(S) }])),
      ...Object.fromEntries(
        Object.entries({ amount: 5, placedAmount: 5, filledAmount: 0, version: 1 }).map(([name, N]) => [
          name,
          { N: String(N) },
        ]),
      ),
      sequenceNumber: { S: "0" },
    };
    await dynamodb.send(new PutItemCommand({ TableName: "fifo-processing-orders", Item }));
    const done = await replay(of);
    expect(done).toMatchObject({ messages_found: 1, messages_to_replay: 1, messages: expected });
    await expect.poll(() => failure(sent?.messageId), patience).toMatchObject({ state: "resolved", via: "replay" });
    expect(await stored("replayed")).toMatchObject({ status: "FILLED", filledAmount: "5", version: "2" });
    expect(await replay({ ...of, dry_run: true })).toMatchObject({
      messages_found: 0,
      messages_to_replay: 0,
      messages: [],
    });
  }, 180_000);

  test("leaves what can only die again, and what a newer message of its group has overtaken", async () => {
    const group = "overtaken";
    const [late, broken] = await send(
      { body: order("overtaken", "FILL", 5), group },
      { body: order("broken", "BUY", 0), group: "broken" },
    );
    for (const sent of [late, broken]) {
      await expect.poll(() => failure(sent?.messageId), patience).toMatchObject({ state: "archived" });
    }
    await send({ body: order("overtaken", "BUY", 5), group });
    await expect.poll(() => stored("overtaken"), patience).toMatchObject({ status: "OPEN" });
    const verdicts = async (message_group_id: string) => {
      const { messages } = await replay({ ...since, message_group_id });
      return messages.map(({ verdict }) => verdict);
    };
    expect(await verdicts(group)).toEqual(["overtaken"]);
    expect(await verdicts("broken")).toEqual(["schema-invalid"]);
    expect(await failure(late?.messageId)).toMatchObject({ state: "archived", sends: 0 });
  }, 120_000);

  test("of a request that cannot be read is refused by its field", async () => {
    expect((await replay({ start: "2026-01-01" })).errorMessage).toContain("replay_request.start_time");
  }, 60_000);
});

const cli = `the usual lines of the AWS CLI work${NO_AWS ? ` (skipped: ${NO_AWS})` : ""}`;
test.skipIf(NO_AWS)(
  cli,
  async () => {
    const aws = awsAt(endpoint);
    const stack = ["--stack-name", "OrderedMessageProcessingStack"];
    const { Stacks } = await aws("cloudformation", "describe-stacks", ...stack);
    const outputs: Record<string, string> = Object.fromEntries(
      Stacks[0].Outputs.map(({ OutputKey, OutputValue }: Record<string, string>) => [OutputKey, OutputValue]),
    );
    expect(Object.keys(outputs)).toHaveLength(8);
    const output = (name: string): string => outputs[name] ?? expect.fail(name);
    const sendTo = (body: object, id: string) =>
      aws(
        "sqs",
        "send-message",
        "--queue-url",
        output("MainQueueUrl"),
        "--message-body",
        JSON.stringify(body),
        "--message-group-id",
        "trading-account-1",
        "--message-deduplication-id",
        id,
      );
    expect((await sendTo(order("cli-valid", "BUY", 100.5), "cli-1")).SequenceNumber).toMatch(/^\d+$/);
    const poison = await sendTo({ orderId: "cli-poison", orderType: "SELL", amount: -50 }, "cli-2");
    await expect
      .poll(() => failure(poison.MessageId), patience)
      .toMatchObject({ state: "archived", rule: "no symbol" });
    const key = ["--key", JSON.stringify({ orderId: { S: "cli-valid" } })];
    const { Item } = await aws("dynamodb", "get-item", "--table-name", output("OrderTableName"), ...key);
    expect(Item).toMatchObject({ status: { S: "OPEN" }, amount: { N: "100.5" } });
    const payload = JSON.stringify({ replay_request: { start_time: "2026-01-01T00:00:00Z", dry_run: true } });
    const file = join(state, "replay.json");
    const invoke = ["--function-name", output("MessageReplayFunctionName"), "--payload", payload];
    await aws("lambda", "invoke", ...invoke, "--cli-binary-format", "raw-in-base64-out", file);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ dry_run: true });
    for (const url of [output("MainQueueUrl"), output("DeadLetterQueueUrl")]) {
      const { Attributes } = await aws("sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All");
      expect(Attributes).toMatchObject({
        FifoQueue: "true",
        ContentBasedDeduplication: "false",
        DeduplicationScope: "messageGroup",
        FifoThroughputLimit: "perMessageGroupId",
        VisibilityTimeout: "300",
        MessageRetentionPeriod: "1209600",
      });
    }
    const { StackEvents } = await aws("cloudformation", "describe-stack-events", ...stack);
    expect(StackEvents[0]).toMatchObject({ ResourceStatus: "CREATE_COMPLETE" });
  },
  240_000,
);

test("destroying the stack leaves nothing, also of a bucket that is not empty", async () => {
  const form = new URLSearchParams({
    Action: "DeleteStack",
    StackName: "OrderedMessageProcessingStack",
    Version: "2010-05-15",
  });
  const headers = { authorization: "AWS4-HMAC-SHA256 Credential=x/20261126/us-east-1/cloudformation/aws4_request" };
  const deleted = await fetch(endpoint, { method: "POST", body: form, headers });
  expect(await deleted.text()).toContain("DeleteStackResponse");
  expect(
    (await new S3Client({ ...settings, forcePathStyle: true }).send(new ListBucketsCommand({}))).Buckets ?? [],
  ).toEqual([]);
  expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "fifo-processing" }));
  expect(QueueUrls).toEqual([]);
  const { MetricAlarms } = await new CloudWatchClient(settings).send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toEqual([]);
}, 60_000);
