import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { account, ValidationFailure } from "@reliq/core";
import { type LedgerAccount, ledgerAccount } from "@reliq/core/recovery";
import { afterEach, expect, test, vi } from "vitest";
import { dynamodbLedger, ledgerFromEnvironment, type Producer, producer, sendMessages } from "../src/index.ts";
import { enterMessages } from "../src/producer/enter-messages.ts";
import { regionCounts } from "../src/recovery/region-counts.ts";
import { type RedriveTrial, redriveTrial } from "./redrive-trial.ts";
import { localRegion } from "./region.ts";

const PATIENCE = { timeout: 60_000, interval: 200 };

afterEach(() => vi.unstubAllEnvs());

interface LedgerTrial extends RedriveTrial {
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly orders: Producer;
  readonly accountOf: () => Promise<LedgerAccount>;
}

/** A producer with a ledger, and a consumer and recovery that are at work. */
async function ledgerTrial(fifo = false): Promise<LedgerTrial> {
  const region = await localRegion();
  vi.stubEnv("RELIQ_JOURNAL_TABLE", "journal");
  vi.stubEnv("AWS_ENDPOINT_URL", region.endpoint);
  vi.stubEnv("AWS_REGION", region.region);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const trial = await redriveTrial({
    region,
    fifo,
    // A copy that comes while the first is at work is deferred, and comes again.
    maxReceiveCount: 2,
    visibilitySeconds: 5,
    handle: (body) => {
      if (body === "bad") throw new ValidationFailure("it is bad");
    },
  });
  const name = fifo ? "orders.fifo" : "orders";
  const queueUrl = `${region.endpoint}/000000000000/${name}`;
  const dynamodb = new DynamoDBClient(region);
  const sqs = new SQSClient({ ...region, maxAttempts: 1 });
  const fromMs = Date.now() - 1_000;
  const accountOf = (): Promise<LedgerAccount> =>
    ledgerAccount(name, { fromMs, toMs: Date.now() + 1_000 }, dynamodbLedger(dynamodb, "journal"), trial.ports);
  const orders = producer({ client: sqs, queueUrl, ledger: ledgerFromEnvironment() });
  return { ...trial, sqs, dynamodb, endpoint: region.endpoint, queueUrl, orders, accountOf };
}

const text = (body: unknown): { readonly body: string } => ({ body: JSON.stringify(body) });

test("each message that a producer entered is in one place, and what vanished from its queue is named by its SQS id", async () => {
  const { sqs, queueUrl, orders, accountOf } = await ledgerTrial();
  const later = { ...text("later"), delaySeconds: 900 };
  const ids = await orders.send([...Array.from({ length: 30 }, (_, number) => text(number)), text("bad"), later]);
  const places = { accepted: 32, processed: 30, failed: { held: 1 }, doubtful: 0, more: false };
  const open = { count: 1, ids: [ids[31]], more: 0 };
  await expect.poll(accountOf, PATIENCE).toMatchObject({ ...places, open });
  await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl }));
  expect(await accountOf()).toMatchObject({ ...places, open });
}, 120_000);

test("killed between ledger and send, or between send and ledger, a message is doubtful until its consumer has processed it", async () => {
  const { sqs, dynamodb, queueUrl, accountOf } = await ledgerTrial();
  const enter = (...messages: { readonly body: string }[]) =>
    enterMessages(dynamodb, "journal", "orders", messages, []);
  await enter(text("never sent"));
  const { messages } = await enter(text("sent"));
  expect(await accountOf()).toMatchObject({ accepted: 0, doubtful: 2, open: { count: 0 } });
  await sendMessages(sqs, queueUrl, messages);
  await expect.poll(accountOf, PATIENCE).toMatchObject({ accepted: 1, processed: 1, doubtful: 1, open: { count: 0 } });
}, 120_000);

test("a message that was sent twice is accepted twice and processed once, and is one message in the ledger", async () => {
  const { sqs, dynamodb, endpoint, queueUrl, processed, accountOf } = await ledgerTrial();
  const { messages, close } = await enterMessages(dynamodb, "journal", "orders", [text("once")], []);
  await sendMessages(sqs, queueUrl, messages);
  await close(await sendMessages(sqs, queueUrl, messages));
  const counts = async () => {
    const [counted] = await regionCounts(endpoint)();
    return counted && account(counted.queues[0]?.counts ?? counted.deadLetterQueue, counted.deadLetterQueue);
  };
  await expect
    .poll(counts, PATIENCE)
    .toMatchObject({ accepted: 2, processed: 2, waiting: 0, inFlight: 0, difference: 0 });
  expect(processed).toEqual(["once"]);
  expect(await accountOf()).toMatchObject({ accepted: 1, processed: 1, doubtful: 0, open: { count: 0 } });
}, 120_000);

test("what SQS refuses is not accepted, a lost answer leaves a doubt, and without its ledger nothing is sent", async () => {
  const { sqs, queueUrl, orders, processed, accountOf } = await ledgerTrial();
  const refused = await orders.trySend([{ body: "too late", delaySeconds: 901 }]);
  expect(refused.failed).toMatchObject([{ code: "InvalidParameterValue" }]);
  expect(await accountOf()).toMatchObject({ accepted: 0, doubtful: 0 });
  const lossy = new SQSClient({ maxAttempts: 1 });
  lossy.middlewareStack.add(
    (next) => async (args) => {
      await next(args);
      throw Object.assign(new Error("socket hang up"), { name: "ECONNRESET" });
    },
    { step: "initialize" },
  );
  const lost = await producer({ client: lossy, queueUrl, ledger: ledgerFromEnvironment() }).trySend([
    text("lost answer"),
  ]);
  expect(lost.failed).toMatchObject([{ code: "ECONNRESET", mayBeSent: true }]);
  await expect.poll(accountOf, PATIENCE).toMatchObject({ accepted: 1, processed: 1, doubtful: 0 });
  vi.stubEnv("RELIQ_JOURNAL_TABLE", "gone");
  const blind = await producer({ client: sqs, queueUrl, ledger: ledgerFromEnvironment() }).trySend([text("blind")]);
  expect(blind).toMatchObject({ sent: [], failed: [{ code: "ledger-unavailable" }] });
  expect(processed).toEqual(["lost answer"]);
}, 120_000);
