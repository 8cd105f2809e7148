import { readFileSync } from "node:fs";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore, dynamodbQuarantine, sendMessages } from "@reliq/aws";
import { expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";

const QUEUE = "fifo-processing-main-queue.fifo";
const POLL = { timeout: 120_000, interval: 500 };

const APP = `
import { App } from "aws-cdk-lib";
import { defineOrderedTrading } from "../ordered-trading/stack.ts";

const app = new App({ builtinCloudFormationValidation: false });
defineOrderedTrading(app);
app.synth();`;

/** The trading system as it is configured, but for what becomes of a group whose message fails for good. */
function tradingWith(onPoison: string): Readonly<Record<string, string>> {
  const { context, ...cdk } = JSON.parse(readFileSync("apps/ordered-trading/cdk.json", "utf8"));
  return { "cdk.json": JSON.stringify({ ...cdk, context: { ...context, onPoison } }), "app.ts": APP };
}

/** In what order an account's messages had their effect shows in what became of its order: each step builds on the one before. */
const STEPS = [
  ["BUY", 10],
  // The poison: the symbol is in lower case, which is repaired.
  ["AMEND", 20],
  ["FILL", 15],
  ["FILL", 20],
] as const;

interface Outcome {
  readonly [account: string]: Readonly<Record<string, string | undefined>> | undefined;
}

async function playDay({ settings, sqs, url }: RunningApp): Promise<Outcome> {
  const dynamodb = new DynamoDBClient(settings);
  const messages = ["sick", "healthy"].flatMap((account) =>
    STEPS.map(([orderType, amount]) => {
      const symbol = account === "sick" && orderType === "AMEND" ? "aapl" : "AAPL";
      const body = { orderId: account, orderType, amount, symbol, timestamp: "2026-11-26T10:00:00Z" };
      return { body: JSON.stringify(body), groupId: account, deduplicationId: `${account}-${orderType}-${amount}` };
    }),
  );
  expect((await sendMessages(sqs, url(QUEUE), messages)).failed).toEqual([]);
  const store = dynamodbFailureStore(dynamodb, "fifo-processing-failures");
  const marks = () => dynamodbQuarantine(dynamodb, "fifo-processing-failures").marks([{ queue: QUEUE, group: "sick" }]);
  const open = async () => {
    const { failures } = await store.listFailures({ filter: { queue: QUEUE } });
    const [mark] = await marks();
    const isHeld = mark !== undefined && mark.phase !== "free";
    return failures.length === 0 || isHeld || failures.some(({ state }) => state === "healing" || state === "requeued");
  };
  await expect.poll(open, POLL).toBe(false);
  await expect.poll(() => stored(dynamodb, "healthy"), POLL).toMatchObject({ status: "FILLED" });
  return { healthy: await stored(dynamodb, "healthy"), sick: await stored(dynamodb, "sick") };
}

async function stored(client: DynamoDBClient, orderId: string): Promise<Outcome[string]> {
  const get = new GetItemCommand({ TableName: "fifo-processing-orders", Key: { orderId: { S: orderId } } });
  const { Item } = await client.send(get);
  const { status, amount, filledAmount } = Item ?? {};
  return Item && { status: status?.S, amount: amount?.N, filledAmount: filledAmount?.N };
}

test("game day: a poison message in a group breaks its order where groups are skipped, and not where they are held", async () => {
  const skipped = await withApp(tradingWith("skip"), playDay);
  const held = await withApp(tradingWith("hold-group"), playDay);
  const filled = { status: "FILLED", amount: "20", filledAmount: "20" };
  expect({ skipped, held }).toEqual({
    // The fills overtook the amendment, and were refused: 10 was ordered then.
    skipped: { healthy: filled, sick: { status: "OPEN", amount: "20", filledAmount: "0" } },
    held: { healthy: filled, sick: filled },
  });
}, 400_000);
