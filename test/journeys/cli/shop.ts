import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore, sendMessages } from "@reliq/aws";
import type { FailureSummary } from "@reliq/core/recovery";
import { expect, vi } from "vitest";
import { NO_TERMINAL, startTerminal, type Terminal } from "../../../harness/terminal.ts";
import { startReliq } from "../command.ts";
import { recoveryFunctions } from "../recovery-functions.ts";
import { RELIQ } from "./ways.ts";

const APP = `
  import { join } from "node:path";
  import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
  import { BundledFunction, Consumer, Journal, Recovery, RecoveryApi, ReliableQueue } from "@reliq/cdk";
  const stack = new Stack(new App(), "Shop");
  const journal = new Journal(stack, "Journal");
  const recovery = new Recovery(stack, "Recovery", {
    journal, tableName: "failures", entry: "recovery.ts", policy: "policy.json", removalPolicy: RemovalPolicy.DESTROY,
  });
  const common = { journal, timeout: Duration.seconds(5), failFast: true, entry: "consumers.ts", environment: { FAULT: join(import.meta.dirname, "fault") } };
  const orders = new ReliableQueue(stack, "Orders", { queueName: "orders", visibilityTimeout: Duration.seconds(30) });
  new Consumer(stack, "Ship", { ...common, queue: orders, functionName: "ship" });
  recovery.attach(orders);
  const trades = new ReliableQueue(stack, "Trades", { queueName: "trades.fifo", fifo: true, visibilityTimeout: Duration.seconds(30) });
  new Consumer(stack, "Trade", { ...common, queue: trades, functionName: "trade", quarantine: recovery });
  recovery.attach(trades);
  new BundledFunction(stack, "Failover", { functionName: "shop-failover", entry: "failover.ts", timeout: Duration.seconds(5) });
  new RecoveryApi(stack, "RecoveryApi", { recovery, entry: "api.ts", approvers: ["arn:aws:iam::000000000000:user/*"] });`;

const CONSUMERS = `
  import { existsSync } from "node:fs";
  import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
  import { consumer, PermanentFailure, ValidationFailure } from "@reliq/core";
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
  const FAULTS = {
    bug: () => new TypeError("cannot read properties of undefined"),
    invalid: () => new ValidationFailure("amount: it must be over 0"),
    lost: () => new PermanentFailure("it is sold out"),
  };
  const handle = ({ fault }) => {
    if (fault !== undefined && existsSync(process.env.FAULT)) throw FAULTS[fault]();
  };
  const isTrade = process.env.RELIQ_QUEUE_URL.endsWith(".fifo");
  const made = consumer({ name: isTrade ? "trade" : "ship", schema, failFast: true, handle, ...(isTrade && { onPoison: "hold-group" }) });
  export const handler = lambdaHandler(made, portsFromEnvironment());`;

const RULES = `
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
  const repair = (body) => body.currency === undefined ? { ...body, currency: "EUR" } : undefined;
  export const RULES = { repairs: [{ name: "currency", queue: "orders", schema, repair }] };`;

/** What a system answers that runs in two regions: order processing does so in journeys of its own, and here it is of what is printed. */
const FAILOVER = `
  const standing = { here: "us-east-1", other: "eu-west-1", region: "us-east-1", epoch: 2, sinceMs: 1, isAlone: true, waitMs: 0 };
  export const handler = async ({ action }) => ({ ...standing, ...(action === "resume" && { looked: 3, sent: 1 }) });`;

const POLICY = {
  secondApproval: { editsAbove: 5 },
  rules: [{ name: "lost causes", when: { category: "permanent" }, then: ["archive"] }],
};

const FILES = {
  "cdk.json": '{ "app": "node --conditions=@reliq/source app.ts" }',
  "app.ts": APP,
  "consumers.ts": CONSUMERS,
  "failover.ts": FAILOVER,
  "rules.ts": RULES,
  ...recoveryFunctions(),
  "policy.json": JSON.stringify(POLICY),
  "candidate.json": JSON.stringify({ rules: [{ name: "all", when: {}, then: ["archive"] }] }),
};

/** A shop some of whose messages have failed, in a region that `reliq run` runs at a terminal. */
export interface Shop {
  readonly endpoint: string;
  readonly directory: string;
  readonly terminal: Terminal;
  /** Ids of failed messages, by what became of them; each is used once. */
  readonly invalid: readonly string[];
  readonly archived: readonly string[];
  /** `<queue>:<group>` of groups that are held, each with the failed message that it waits for. */
  readonly groups: readonly { readonly id: string; readonly failure: string }[];
  /** The failure group of the invalid ones. */
  readonly problem: string;
  readonly url: (queue: string) => string;
  readonly sqs: SQSClient;
  /** A run that is under way, and an approval that waits. */
  run?: string;
  approval?: string;
  readonly end: () => Promise<void>;
}

const PATIENCE = { timeout: 240_000, interval: 250 };

/** Starts it, and waits until its messages have failed. */
export async function startShop(): Promise<Shop> {
  const directory = mkdtempSync(join("apps", ".reliq-journey-"));
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(directory, path), text);
  writeFileSync(join(directory, "fault"), "");
  const run = ["run", directory, "--port", "0", "--jumps", "--state", join(directory, ".reliq")];
  const terminal = NO_TERMINAL ? withoutTerminal(run) : startTerminal([...RELIQ, ...run]);
  const end = async (): Promise<void> => {
    terminal.kill();
    await terminal.ended;
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const endpoint = await untilUp(terminal);
    return { ...(await fillShop(endpoint, directory)), endpoint, directory, terminal, end };
  } catch (error) {
    await end();
    throw new Error(`The terminal shows: ${terminal.screen()}`, { cause: error });
  }
}

function withoutTerminal(args: readonly string[]): Terminal {
  const { child, output, ended } = startReliq(args);
  const signal = (): void => void child.kill("SIGINT");
  return { screen: output, type: signal, ended: ended.then(({ code }) => code), kill: signal };
}

async function untilUp(terminal: Terminal): Promise<string> {
  return vi.waitFor(() => {
    const endpoint = /Local region.* at .*?(http:\/\/127\.0\.0\.1:\d+)/.exec(terminal.screen())?.[1];
    if (endpoint === undefined) throw new Error("It is not up yet.");
    return endpoint;
  }, PATIENCE);
}

type Filled = Omit<Shop, "directory" | "end" | "endpoint" | "terminal">;

async function fillShop(endpoint: string, directory: string): Promise<Filled> {
  const settings = { endpoint, region: "us-east-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
  const sqs = new SQSClient(settings);
  const url = (queue: string): string => `${endpoint}/000000000000/${queue}`;
  await sqs.send(new CreateQueueCommand({ QueueName: "old-dead" }));
  const faults = ["invalid", "bug", "lost"].flatMap((fault) => Array.from({ length: 16 }, () => ({ fault })));
  await sendMessages(
    sqs,
    url("orders"),
    faults.map((order, amount) => ({ body: JSON.stringify({ ...order, amount }) })),
  );
  const trades = ["g0", "g1", "g2"].flatMap((groupId) =>
    [{ fault: "invalid" }, { amount: 1 }].map((trade, place) => ({
      body: JSON.stringify({ ...trade, place }),
      groupId,
      deduplicationId: `${groupId}-${place}`,
    })),
  );
  await sendMessages(sqs, url("trades.fifo"), trades);
  await sqs.send(new SendMessageCommand({ QueueUrl: url("orders"), MessageBody: '{"amount":1}' }));
  const store = dynamodbFailureStore(new DynamoDBClient(settings), "failures");
  const list = async (queue: string, errorName: string): Promise<readonly FailureSummary[]> =>
    (await store.listFailures({ filter: { queue, errorName }, limit: 100 })).failures;
  const untilAll = (queue: string, errorName: string, count: number): Promise<readonly FailureSummary[]> =>
    vi.waitFor(async () => {
      const found = await list(queue, errorName);
      expect(found).toHaveLength(count);
      return found;
    }, PATIENCE);
  const invalid = await untilAll("orders", "ValidationFailure", 16);
  await untilAll("orders", "TypeError", 16);
  const archived = await untilAll("orders", "PermanentFailure", 16);
  const behind = await untilAll("trades.fifo", "ValidationFailure", 3);
  rmSync(join(directory, "fault"));
  return {
    sqs,
    url,
    invalid: invalid.map(({ id }) => id),
    archived: archived.map(({ id }) => id),
    problem: `orders:${invalid[0]?.reason.fingerprint}`,
    groups: behind.map(({ id, groupId }) => ({ id: `trades.fifo:${groupId}`, failure: id })),
  };
}
