import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { ledgerFromEnvironment, producer } from "@reliq/aws";
import { expect, onTestFinished, test, vi } from "vitest";
import { withApp } from "./app.ts";
import { type Ended, reliq } from "./command.ts";
import { recoveryFunctions } from "./recovery-functions.ts";

const APP = `
  import { join } from "node:path";
  import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
  import { Consumer, Journal, Recovery, RecoveryApi, ReliableQueue } from "@reliq/cdk";
  const stack = new Stack(new App(), "Shop");
  const entry = (name) => join(import.meta.dirname, "handlers", name + ".ts");
  const journal = new Journal(stack, "Journal", { tableName: "journal" });
  const queue = new ReliableQueue(stack, "Orders", {
    queueName: "orders", maxReceiveCount: 2, visibilityTimeout: Duration.minutes(50), retentionPeriod: Duration.hours(1),
  });
  new ReliableQueue(stack, "Returns", { queueName: "returns", deadLetterQueueName: "returns-dead", maxReceiveCount: 1, visibilityTimeout: Duration.seconds(1) });
  new Consumer(stack, "Ship", { queue, journal, timeout: Duration.seconds(5), entry: entry("ship"), failFast: true });
  const recovery = new Recovery(stack, "Recovery", { journal, entry: entry("recovery"), removalPolicy: RemovalPolicy.DESTROY });
  recovery.attach(queue);
  new RecoveryApi(stack, "RecoveryApi", { recovery, entry: entry("api"), approvers: ["arn:aws:iam::000000000000:user/*"] });`;

const HANDLERS = {
  "app.ts": APP,
  "handlers/rules.ts": `
    export const RULES = { policy: { rules: [{ name: "lost causes", when: { errorName: "PermanentFailure" }, then: ["archive"] }] }, repairs: [] };`,
  ...recoveryFunctions("handlers/"),
  "handlers/ship.ts": `
    import { lambdaHandler, portsFromEnvironment } from "@reliq/aws";
    import { consumer, PermanentFailure, ValidationFailure } from "@reliq/core";
    const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };
    const ship = consumer({ name: "ship", schema, failFast: true, handle: ({ fate }) => {
      if (fate === "held") throw new ValidationFailure("amount: it must be over 0");
      if (fate === "archived") throw new PermanentFailure("the shop has closed");
      if (fate === "in flight") throw new Error("it comes again after its visibility timeout");
    } });
    export const handler = lambdaHandler(ship, portsFromEnvironment());`,
};

const PATIENCE = { timeout: 90_000, interval: 500 };

interface Account {
  readonly queue: string;
  readonly messages?: readonly { readonly place: string; readonly ids: readonly string[]; readonly more: number }[];
}

test("every message of a queue is in one place of its account, whatever its end, and those that nobody processed are named", async () => {
  await withApp(
    HANDLERS,
    async ({ endpoint, sqs, url }) => {
      const run = (...args: string[]): Promise<Ended> => reliq(...args, "--endpoint", endpoint);
      const send = async (queue: string, more: Partial<SendMessageCommandInput> = {}): Promise<string> => {
        const message = { QueueUrl: url(queue), MessageBody: JSON.stringify({ fate: queue }), ...more };
        return (await sqs.send(new SendMessageCommand(message))).MessageId ?? "";
      };
      const fated = (fate: string, more: Partial<SendMessageCommandInput> = {}): Promise<string> =>
        send("orders", { MessageBody: JSON.stringify({ fate }), ...more });
      const account = async (queue: string): Promise<Account | undefined> => {
        const { output } = await run("account", "--json");
        return (JSON.parse(output) as Account[]).find((each) => each.queue === queue);
      };

      const expired = await fated("processed", { DelaySeconds: 900 });
      expect((await run("local", "jump", "3601s")).code).toBe(0);
      const byHand = await dieAndDelete(send, sqs, url);

      await fated("processed");
      await fated("processed", { DelaySeconds: 900 });
      await fated("in flight");
      await fated("held");
      await fated("archived");
      const discarded = await fated("held");
      await vi.waitFor(async () => {
        const { code, output } = await run("failures", "discard", `orders:${discarded}`, "--reason", "a test order");
        expect(code, output).toBe(0);
      }, PATIENCE);

      const places = { processed: 1, waiting: 1, inFlight: 1, deadLettered: 0, held: 1, archived: 1, discarded: 1 };
      await vi.waitFor(async () => {
        expect(await account("orders")).toMatchObject({ accepted: 7, ...places, expired: 1, difference: 0 });
      }, PATIENCE);
      expect((await account("orders"))?.messages).toEqual([{ place: "expired", ids: [expired], more: 0 }]);
      expect(await account("returns")).toMatchObject({
        accepted: 1,
        discarded: 1,
        messages: [{ place: "deletedByHand", ids: [byHand], more: 0 }],
      });

      const shown = await run("account");
      expect(shown.code).toBe(0);
      expect(shown.output).toContain(
        "accepted 7 = processed 1 + waiting 1 + in flight 1 + dead-lettered 0 + held 1 + archived 1 + discarded by a person 1 + expired 1",
      );
      expect(shown.output).toContain(`    expired: ${expired}`);
      expect(shown.output).toContain(`    deleted from the dead-letter queue by hand: ${byHand}`);

      const taken = await enterAndTake(endpoint, sqs, url("returns"));
      const again = await run("account");
      expect(again.code).toBe(1);
      expect(again.output).toContain(`in the producer's ledger, and neither processed nor kept: ${taken}`);
      const ledger = await run("account", "ledger", "returns");
      expect(ledger.output).toMatch(/returns from .*: accepted 1 = processed 0 \+ open 1/);
      expect(ledger.output).toContain(`open: ${taken}`);
      await onAws(run, taken);
    },
    ["--jumps"],
  );
}, 480_000);

/** The account as AWS gives it: what recovery keeps is exact, and what its ledger has and nobody else is missing for certain once that is settled. */
async function onAws(run: (...args: string[]) => Promise<Ended>, taken: string): Promise<void> {
  const kept = { held: 1, archived: 1, discarded: 1, isRecoveryCounted: true };
  const { output } = await run("account", "orders", "--aws", "--json");
  expect(JSON.parse(output)).toMatchObject([
    { queue: "orders", ...kept, approximate: expect.arrayContaining(["accepted"]) },
  ]);
  expect((await run("local", "jump", "1000s")).code).toBe(0);
  const missing = await run("account", "returns", "--aws");
  expect(missing.code).toBe(1);
  expect(missing.output).toContain("1 missing by the ledger");
  expect(missing.output).toMatch(
    /by its producers' ledger, exact: returns from .*: accepted 1 = processed 0 \+ open 1/,
  );
  expect(missing.output).toContain(`open: ${taken}`);
}

/** A message that dies, and is deleted from its dead-letter queue by hand; gives its id. */
async function dieAndDelete(
  send: (queue: string) => Promise<string>,
  sqs: SQSClient,
  url: (queue: string) => string,
): Promise<string> {
  const id = await send("returns");
  const receive = async (queue: string): Promise<string | undefined> => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url(queue), VisibilityTimeout: 0 }));
    return Messages[0]?.ReceiptHandle;
  };
  const ReceiptHandle = await vi.waitFor(async () => {
    await receive("returns");
    const handle = await receive(DEAD);
    if (handle === undefined) throw new Error("It is not dead yet.");
    return handle;
  }, PATIENCE);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url(DEAD), ReceiptHandle }));
  return id;
}

/** A message that its producer enters into its ledger, and that is deleted from its queue by hand; gives its id. */
async function enterAndTake(endpoint: string, sqs: SQSClient, queueUrl: string): Promise<string> {
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "x");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "x");
  vi.stubEnv("RELIQ_JOURNAL_TABLE", "journal");
  onTestFinished(() => void vi.unstubAllEnvs());
  const [id = ""] = await producer({ client: sqs, queueUrl, ledger: ledgerFromEnvironment() }).send([{ body: "{}" }]);
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5 }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
  return id;
}

const DEAD = "returns-dead";
