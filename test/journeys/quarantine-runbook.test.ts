import { readFileSync } from "node:fs";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { sendMessages } from "@reliq/aws";
import type { FailureSummary } from "@reliq/core/recovery";
import { expect, test } from "vitest";
import { type RunningApp, withApp } from "./app.ts";
import { reliq } from "./command.ts";
import { storedOrder, TRADING_QUEUE, tradingApp, tradingFailures } from "./trading-app.ts";

const POLL = { timeout: 150_000, interval: 1_000 };

const OPERATED = { enableRecoveryApi: true, recoveryApprovers: ["arn:aws:iam::000000000000:user/*"] };

/** The commands of the runbook, in its order. */
const COMMANDS = [...readFileSync("docs/runbooks/quarantine.md", "utf8").matchAll(/`reliq ([^`]+)`/g)].map(
  ([, command = ""]) => command,
);

/** What is done with the message that holds each group. */
const GROUPS = ["heal", "edit", "discard", "skip"] as const;

const order = (orderId: string, orderType: string, amount: number): Record<string, unknown> => ({
  orderId,
  orderType,
  amount,
  symbol: "AAPL",
  timestamp: "2026-11-26T10:00:00.000Z",
});

/** An order as the table has it; `version` missing is what somebody's script broke. */
function item(group: string, orderId: string, version?: number): PutItemCommand {
  const { timestamp: placedAt, ...placed } = order(orderId, "BUY", 10);
  const texts = {
    ...placed,
    placedAt,
    changedAt: placedAt,
    status: "OPEN",
    messageGroupId: group,
    sequenceNumber: "0",
  };
  const numbers = { amount: 10, placedAmount: 10, filledAmount: 0, ...(version !== undefined && { version }) };
  const Item = Object.fromEntries([
    ...Object.entries(texts).map(([name, value]) => [name, { S: String(value) }]),
    ...Object.entries(numbers).map(([name, value]) => [name, { N: String(value) }]),
  ]);
  return new PutItemCommand({ TableName: "fifo-processing-orders", Item });
}

/** Puts an order that is broken into each group, and sends what fills it, and one more order behind that. */
async function breakGroups({ sqs, url }: RunningApp, dynamodb: DynamoDBClient): Promise<void> {
  await Promise.all(GROUPS.map((group) => dynamodb.send(item(group, `${group}-broken`))));
  await dynamodb.send(item("edit", "edit-whole", 1));
  const messages = GROUPS.flatMap((group) =>
    [order(`${group}-broken`, "FILL", 4), order(`${group}-behind`, "BUY", 7)].map((body) => ({
      body: JSON.stringify(body),
      groupId: group,
      deduplicationId: `${body["orderId"]}-${body["orderType"]}`,
    })),
  );
  expect((await sendMessages(sqs, url(TRADING_QUEUE), messages)).failed).toEqual([]);
}

async function stored(dynamodb: DynamoDBClient, orderId: string): Promise<readonly (string | undefined)[]> {
  const { status, filledAmount } = (await storedOrder(dynamodb, orderId)) ?? {};
  return [status, filledAmount];
}

test("the runbook of quarantined groups, command by command: each goes on once its message is healed, edited or given up, or it is let go", async () => {
  await withApp(tradingApp(OPERATED), async (app) => {
    const dynamodb = new DynamoDBClient(app.settings);
    const store = tradingFailures(dynamodb);
    await breakGroups(app, dynamodb);
    const held = async (): Promise<readonly FailureSummary[]> =>
      (await store.listFailures({ filter: { queue: TRADING_QUEUE, state: "held" } })).failures;
    await expect
      .poll(async () => (await held()).map(({ groupId }) => groupId).sort(), POLL)
      .toEqual([...GROUPS].sort());
    for (const group of GROUPS) expect(await stored(dynamodb, `${group}-behind`)).toEqual([undefined, undefined]);

    const failures = new Map((await held()).map(({ id, groupId }) => [groupId, id]));
    await dynamodb.send(item("heal", "heal-broken", 1));
    for (const command of COMMANDS) {
      const done = GROUPS.find((group) => command.split(" ")[1] === group) ?? "heal";
      const values: Readonly<Record<string, string>> = {
        queue: TRADING_QUEUE,
        "queue:group": `${TRADING_QUEUE}:${done}`,
        failure: failures.get(done) ?? expect.fail(done),
        body: JSON.stringify(order("edit-whole", "FILL", 4)),
        reason: "the client has withdrawn it",
      };
      const words = (command.match(/'[^']*'|\S+/g) ?? []).map((word) =>
        word.replaceAll("'", "").replace(/^<([\w:]+)>$/, (_, name: string) => values[name] ?? expect.fail(word)),
      );
      const isOver = command.startsWith("quarantine hold");
      if (isOver)
        await expect
          .poll(async () => (await store.failures([values["failure"] ?? ""]))[0]?.state, POLL)
          .toBe("resolved");
      const { code, output } = await reliq(...words, "--endpoint", app.endpoint);
      if (isOver) {
        expect([code, output]).toEqual([1, expect.stringContaining("is resolved: nothing can wait for it")]);
        continue;
      }
      expect([code, command, code === 0 ? "" : output]).toEqual([0, command, ""]);
    }
    for (const group of GROUPS) {
      await expect.poll(() => stored(dynamodb, `${group}-behind`), POLL).toEqual(["OPEN", "0"]);
    }
    expect(await stored(dynamodb, "heal-broken")).toEqual(["PARTIALLY_FILLED", "4"]);
    expect(await stored(dynamodb, "edit-whole")).toEqual(["PARTIALLY_FILLED", "4"]);
    for (const group of ["discard", "skip"]) expect(await stored(dynamodb, `${group}-broken`)).toEqual(["OPEN", "0"]);
  });
}, 400_000);
