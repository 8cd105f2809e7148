import { readFileSync } from "node:fs";
import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { dynamodbFailureStore } from "@reliq/aws";
import type { FailureStore } from "@reliq/core/recovery";

/** The main queue of apps/ordered-trading. */
export const TRADING_QUEUE = "fifo-processing-main-queue.fifo";

/** The table of failures of apps/ordered-trading. */
const TRADING_FAILURES = "fifo-processing-failures";

const APP = `
import { App } from "aws-cdk-lib";
import { defineOrderedTrading } from "../ordered-trading/stack.ts";

const app = new App({ builtinCloudFormationValidation: false });
defineOrderedTrading(app);
app.synth();`;

/** An app of one's own that defines apps/ordered-trading with some of its configuration changed. */
export function tradingApp(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const { context, ...cdk } = JSON.parse(readFileSync("apps/ordered-trading/cdk.json", "utf8"));
  return { "cdk.json": JSON.stringify({ ...cdk, context: { ...context, ...changes } }), "app.ts": APP };
}

/** What the trading system knows of failures. */
export function tradingFailures(client: DynamoDBClient): FailureStore {
  return dynamodbFailureStore(client, TRADING_FAILURES);
}

/** An order as the trading system's table has it, its numbers as text. */
export async function storedOrder(
  client: DynamoDBClient,
  orderId: string,
): Promise<Readonly<Record<string, string | undefined>> | undefined> {
  const get = new GetItemCommand({ TableName: "fifo-processing-orders", Key: { orderId: { S: orderId } } });
  const { Item } = await client.send(get);
  return Item && Object.fromEntries(Object.entries(Item).map(([name, { S, N }]) => [name, S ?? N]));
}
