import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type MessageAttributeValue, SendMessageCommand } from "@aws-sdk/client-sqs";
import { dynamodbFailureStore } from "@reliq/aws";
import type { FailedMessage, FailureState, FailureStore } from "@reliq/core/recovery";
import { expect } from "vitest";
import { startApp } from "./app.ts";
import { type Ended, startReliq } from "./command.ts";
import { recoveryFunctions } from "./recovery-functions.ts";

const APP = `
  import { join } from "node:path";
  import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
  import { Consumer, Journal, Recovery, RecoveryApi, ReliableQueue } from "@reliq/cdk";
  const stack = new Stack(new App(), "Shop");
  const journal = new Journal(stack, "Journal", { tableName: "journal" });
  const queue = new ReliableQueue(stack, "Orders", { queueName: "orders", maxReceiveCount: 1, visibilityTimeout: Duration.seconds(18) });
  new Consumer(stack, "Ship", { queue, journal, timeout: Duration.seconds(3), entry: "ship.ts", environment: { FAULT: join(import.meta.dirname, "fault") } });
  const recovery = new Recovery(stack, "Recovery", {
    journal, tableName: "failures", entry: "recovery.ts", policy: "policy.json", removalPolicy: RemovalPolicy.DESTROY,
  });
  recovery.attach(queue);
  new RecoveryApi(stack, "RecoveryApi", { recovery, entry: "api.ts", approvers: ["arn:aws:iam::000000000000:user/lead"] });`;

const RULES = `
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value) =>
    value?.amount > 0 && typeof value.currency === "string" ? { value } : { issues: [{ message: "it does not fit", path: ["amount"] }] } } };
  const currency = { name: "currency", queue: "orders", schema, repair: (body) => body.currency === undefined ? { ...body, currency: "EUR" } : undefined };
  export const RULES = { repairs: [currency], schemas: { orders: { schema } } };`;

const SHIP = `
  import { existsSync, readFileSync } from "node:fs";
  import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
  import { consumer, DependencyFailure, PermanentFailure, ValidationFailure } from "@reliq/core";
  const FAULTS = {
    dependency: () => new DependencyFailure("the stock is down"),
    lost: () => new PermanentFailure("it is sold out"),
    bug: () => new TypeError("cannot read properties of undefined"),
  };
  const ship = consumer({
    name: "ship",
    version: "1.0.0",
    schema: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } },
    retry: { backoff: { delaySeconds: () => 0 } },
    handle: ({ amount, currency, fault }) => {
      const faults = existsSync(process.env.FAULT) ? readFileSync(process.env.FAULT, "utf8").split(" ") : [];
      if (faults.includes(fault)) throw FAULTS[fault]();
      if (!(amount > 0)) throw new ValidationFailure("amount: it must be over 0");
      if (currency === undefined) throw new ValidationFailure("currency: it is missing");
    },
  });
  export const handler = lambdaHandler(ship, portsFromEnvironment());`;

const FILES = {
  "app.ts": APP,
  "rules.ts": RULES,
  "ship.ts": SHIP,
  ...recoveryFunctions(),
  "policy.json": JSON.stringify({
    rules: [
      {
        name: "may pass",
        when: { category: "dependency" },
        then: ["heal"],
        backoff: { baseSeconds: 3_600, capSeconds: 3_600, jitter: "none" },
      },
      { name: "lost causes", when: { category: "permanent" }, then: ["archive"] },
    ],
  }),
};

/** What makes the consumer's handler fail, as long as it is set. */
type Fault = "bug" | "dependency" | "lost";

/** A shop whose orders fail as they are told, with recovery and its API, and the command line to deal with it. */
export interface RecoveryTrial {
  readonly directory: string;
  readonly store: FailureStore;
  readonly dynamodb: DynamoDBClient;
  /** Which faults messages have that carry one. */
  readonly setFaults: (...faults: readonly Fault[]) => void;
  /** Sends an order, and gives back its failed message's id. */
  readonly send: (order: object, attributes?: Readonly<Record<string, MessageAttributeValue>>) => Promise<string>;
  /** Waits until messages are in a state. */
  readonly until: (state: FailureState, ...ids: readonly string[]) => Promise<readonly FailedMessage[]>;
  /** Runs a command against the region. */
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** The same, by somebody. */
  readonly runAs: (person: string, ...args: readonly string[]) => Promise<Ended>;
  /** Runs a command with `--json`, and reads what it prints. */
  readonly read: <T>(...args: readonly string[]) => Promise<T>;
  readonly end: () => Promise<void>;
}

/** How long a step may take where everything else runs too. */
const PATIENCE = { timeout: 240_000, interval: 300 };

/** Starts it; the tests of a file share one. */
export async function recoveryTrial(): Promise<RecoveryTrial> {
  const { app, end } = await startApp(FILES);
  const { endpoint, directory, settings, sqs, url } = app;
  const dynamodb = new DynamoDBClient(settings);
  const store = dynamodbFailureStore(dynamodb, "failures");
  const start = (args: readonly string[], person?: string): Promise<Ended> =>
    startReliq([...args, "--endpoint", endpoint], { as: person }).ended;
  return {
    directory,
    store,
    dynamodb,
    setFaults: (...faults) => {
      const file = join(directory, "fault");
      if (faults.length > 0) writeFileSync(file, faults.join(" "));
      else rmSync(file, { force: true });
    },
    send: async (order, attributes) => {
      const MessageBody = JSON.stringify(order);
      const MessageAttributes = { ...attributes };
      const { MessageId } = await sqs.send(
        new SendMessageCommand({ QueueUrl: url("orders"), MessageBody, MessageAttributes }),
      );
      return `orders:${MessageId}`;
    },
    until: async (state, ...ids) => {
      const read = async (): Promise<readonly (FailedMessage | undefined)[]> => store.failures(ids);
      await expect
        .poll(async () => (await read()).map((record) => record?.state), PATIENCE)
        .toEqual(ids.map(() => state));
      return (await read()).flatMap((record) => record ?? []);
    },
    run: (...args) => start(args),
    runAs: (person, ...args) => start(args, person),
    read: async (...args) => {
      const { output } = await start([...args, "--json"]);
      try {
        return JSON.parse(output);
      } catch {
        throw new Error(`${args.join(" ")} printed: ${output}`);
      }
    },
    end,
  };
}
