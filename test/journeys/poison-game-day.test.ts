import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbQuarantine, sendMessages } from "@reliq/aws";
import { expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";
import { storedOrder, TRADING_FAILURES, TRADING_QUEUE, tradingApp, tradingFailures } from "./trading-app.ts";

const POLL = { timeout: 120_000, interval: 500 };

/** In what order an account's messages had their effect shows in what became of its order: each step builds on the one before. */
const STEPS = [
  ["BUY", 10],
  // The poison: the symbol is in lower case, which is repaired.
  ["AMEND", 20],
  ["FILL", 15],
  ["FILL", 20],
] as const;

interface Outcome {
  readonly [account: string]: Readonly<Record<string, string | undefined>>;
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
  expect((await sendMessages(sqs, url(TRADING_QUEUE), messages)).failed).toEqual([]);
  const store = tradingFailures(dynamodb);
  const marks = () => dynamodbQuarantine(dynamodb, TRADING_FAILURES).marks([{ queue: TRADING_QUEUE, group: "sick" }]);
  const open = async () => {
    const { failures } = await store.listFailures({ filter: { queue: TRADING_QUEUE } });
    const [mark] = await marks();
    const isHeld = mark !== undefined && mark.phase !== "free";
    return failures.length === 0 || isHeld || failures.some(({ state }) => state === "healing" || state === "requeued");
  };
  await expect.poll(open, POLL).toBe(false);
  await expect.poll(() => storedOrder(dynamodb, "healthy"), POLL).toMatchObject({ status: "FILLED" });
  const endOf = async (orderId: string): Promise<Outcome[string]> => {
    const { status, amount, filledAmount } = (await storedOrder(dynamodb, orderId)) ?? {};
    return { status, amount, filledAmount };
  };
  return { healthy: await endOf("healthy"), sick: await endOf("sick") };
}

test("game day: a poison message in a group breaks its order where groups are skipped, and not where they are held", async () => {
  const skipped = await withApp(tradingApp({ onPoison: "skip" }), playDay);
  const held = await withApp(tradingApp({ onPoison: "hold-group" }), playDay);
  const filled = { status: "FILLED", amount: "20", filledAmount: "20" };
  expect({ skipped, held }).toEqual({
    // The fills overtook the amendment, and were refused: 10 was ordered then.
    skipped: { healthy: filled, sick: { status: "OPEN", amount: "20", filledAmount: "0" } },
    held: { healthy: filled, sick: filled },
  });
}, 400_000);
