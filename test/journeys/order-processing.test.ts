import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type StartedApp, startApp } from "./app.ts";

const APP = `
import { App } from "aws-cdk-lib";
import { defineOrderProcessing } from "../order-processing/stack.ts";

const app = new App({ builtinCloudFormationValidation: false });
defineOrderProcessing(app);
app.synth();`;

const PATIENCE = { timeout: 120_000, interval: 500 };

let gateway: ChildProcess;
let gatewayUrl: string;
let started: StartedApp;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  gatewayUrl = await startGateway("--lost-answers", "0.5", "--refused", "0.2", "--declined-from-cents", "500000");
  const { context, ...cdk } = JSON.parse(readFileSync("apps/order-processing/cdk.json", "utf8"));
  const changed = { ...context, gatewayUrl };
  started = await startApp({ "cdk.json": JSON.stringify({ ...cdk, context: changed }), "app.ts": APP });
  dynamodb = new DynamoDBClient(started.app.settings);
  for (const [productId, available] of Object.entries({ "p-1": 10, "p-2": 3, "p-3": 100 })) {
    const Item = marshall({ productId, available, version: 1, lowAt: 2 });
    await dynamodb.send(new PutItemCommand({ TableName: "order-processing-stock", Item }));
  }
}, 300_000);

afterAll(async () => {
  await started.end();
  gateway.kill();
});

/** Half of its answers are lost, and a fifth of the requests refused: a charge must not be made twice. */
async function startGateway(...flags: readonly string[]): Promise<string> {
  const main = "apps/order-processing/gateway/main.ts";
  gateway = spawn(process.execPath, ["--conditions=@reliq/source", main, "--port", "0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(gateway.stdout ?? gateway, "data");
  return /http:\S+/.exec(String(line))?.[0] ?? "";
}

interface Movement {
  readonly kind: string;
  readonly orderId: string;
  readonly amountCents: number;
}

async function movements(orderId: string): Promise<readonly Movement[]> {
  const all = (await (await fetch(`${gatewayUrl}/movements`)).json()) as Record<string, Movement>;
  return Object.values(all).filter((each) => each.orderId === orderId);
}

interface Line {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

async function order(orderId: string, items: readonly Line[], changes: object = {}) {
  const totalAmount = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const body = JSON.stringify({ orderId, customerId: "c-1", email: "ann@example.com", items, totalAmount, ...changes });
  const response = await fetch(`${started.app.endpoint}/_api/order-processing/orders`, { method: "POST", body });
  return { status: response.status, ...((await response.json()) as { success: boolean; error?: string }) };
}

async function stored(orderId: string): Promise<Record<string, unknown> | undefined> {
  const get = new GetItemCommand({ TableName: "order-processing-orders", Key: { orderId: { S: orderId } } });
  const { Item } = await dynamodb.send(get);
  return Item && unmarshall(Item);
}

async function stock(): Promise<Record<string, number>> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "order-processing-stock" }));
  return Object.fromEntries(
    Items.map((item) => unmarshall(item)).map(({ productId, available }) => [productId, available]),
  );
}

async function outbox(): Promise<string> {
  const answer = await fetch(started.app.endpoint, {
    method: "POST",
    headers: {
      authorization: "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/sns/aws4_request, Signature=0",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "Action=ReliqListOutbox&Version=2010-03-31",
  });
  return answer.text();
}

const statusOf = async (orderId: string) => (await stored(orderId))?.["status"];

test("an order is reserved, paid once although answers are lost, and shipped; its customer is told", async () => {
  const accepted = await order("o-1", [{ productId: "p-1", quantity: 2, unitPrice: 10.5 }]);
  expect(accepted).toMatchObject({ status: 202, success: true, orderId: "o-1" });
  await order("o-1", [{ productId: "p-1", quantity: 2, unitPrice: 10.5 }]);
  await expect.poll(() => statusOf("o-1"), PATIENCE).toBe("shipped");
  expect(await stored("o-1")).toMatchObject({ amountCents: 2_100, stock: "kept" });
  expect(await movements("o-1")).toEqual([{ kind: "charges", orderId: "o-1", amountCents: 2_100 }]);
  expect(await stock()).toMatchObject({ "p-1": 8 });
  await expect.poll(outbox, PATIENCE).toContain("Your order is on its way");
}, 240_000);

test("priority, large, partial and impossible orders go their ways, and money and stock balance at the end", async () => {
  await order("o-priority", [{ productId: "p-3", quantity: 1, unitPrice: 1 }], { priority: "high" });
  await order("o-large", [{ productId: "p-3", quantity: 10, unitPrice: 1_000 }]);
  await order("o-partial", [{ productId: "p-2", quantity: 5, unitPrice: 2 }], { partial: true });
  await expect.poll(() => statusOf("o-priority"), PATIENCE).toBe("shipped");
  await expect.poll(() => statusOf("o-partial"), PATIENCE).toBe("shipped");
  expect(await stored("o-partial")).toMatchObject({ amountCents: 600 });
  await order("o-none", [{ productId: "p-2", quantity: 1, unitPrice: 2 }]);
  await expect.poll(() => statusOf("o-none"), PATIENCE).toBe("rejected");
  // Its payment is declined: what was reserved for it goes back.
  await expect.poll(() => statusOf("o-large"), PATIENCE).toBe("cancelled");
  expect(await stock()).toEqual({ "p-1": 8, "p-2": 0, "p-3": 99 });
  expect(await movements("o-large")).toEqual([]);
  await expect.poll(outbox, PATIENCE).toContain("low-stock");
}, 240_000);

test("an order that breaks a rule is refused, with the name of each field", async () => {
  const wrong = await order("o-wrong", [{ productId: "p-1", quantity: 0, unitPrice: 1 }], { totalAmount: 7 });
  expect(wrong).toMatchObject({ status: 400, success: false });
  expect(wrong.error).toContain("items.0.quantity");
  const sum = await order("o-wrong", [{ productId: "p-1", quantity: 1, unitPrice: 1 }], { totalAmount: 7 });
  expect(sum.error).toContain("totalAmount: it is not the sum of the items");
});
