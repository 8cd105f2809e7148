import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { sendMessages } from "@reliq/aws";
import { expect, test } from "vitest";
import { FILLED, stepMessages } from "../../gamedays/parts/account-steps.ts";
import { withApp } from "./app.ts";
import { storedOrder, TRADING_QUEUE, tradingApp, tradingFailures } from "./trading-app.ts";

const POLL = { timeout: 120_000, interval: 500 };

// The game days `group-order` and `group-order-skipped` judge both policies at full size; how an order whose group was skipped ends, this one says.
test("game day: a poison message in a group breaks its order where groups are skipped", async () => {
  await withApp(tradingApp({ onPoison: "skip" }), async ({ settings, sqs, url }) => {
    const dynamodb = new DynamoDBClient(settings);
    const messages = stepMessages(["sick", "healthy"], (account) => account === "sick");
    expect((await sendMessages(sqs, url(TRADING_QUEUE), messages)).failed).toEqual([]);
    const isOpen = async (): Promise<boolean> => {
      const { failures } = await tradingFailures(dynamodb).listFailures({ filter: { queue: TRADING_QUEUE } });
      return failures.length === 0 || failures.some(({ state }) => state === "healing" || state === "requeued");
    };
    await expect.poll(isOpen, POLL).toBe(false);
    await expect.poll(() => storedOrder(dynamodb, "healthy"), POLL).toMatchObject({ ...FILLED, amount: "20" });
    // The fills overtook the amendment, and were refused: 10 was ordered then.
    const unfilled = { status: "OPEN", amount: "20", filledAmount: "0" };
    expect(await storedOrder(dynamodb, "sick")).toMatchObject(unfilled);
  });
}, 400_000);
