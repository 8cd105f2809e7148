import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { reliq } from "./command.ts";
import { useOrders } from "./orders-app.ts";
import { readAccounts, readPeeked } from "./region.ts";

const STOCK = { "p-1": 10, "p-2": 3, "p-3": 100 };
const shop = useOrders(STOCK);
const PATIENCE = { timeout: 120_000, interval: 300 };

const line = (productId: string, quantity: number, unitPrice: number) => ({ productId, quantity, unitPrice });
const statusOf = async (orderId: string) => (await shop.stored(orderId))?.["status"];
const becomes = (orderId: string, status: string) => expect.poll(() => statusOf(orderId), PATIENCE).toBe(status);
const stock = async () =>
  Object.fromEntries((await shop.items("stock")).map(({ productId, available }) => [productId, available]));
const charge = (orderId: string, amountCents: number) => ({ kind: "charges", orderId, amountCents });
const refund = (orderId: string, amountCents: number) => ({ kind: "refunds", orderId, amountCents });

test("an order is reserved, paid and shipped once, although it is sent twice and answers are lost; its customer is told", async () => {
  await shop.faults({ lostAnswers: 0.5, refused: 0.2 });
  const accepted = await shop.order("o-1", [line("p-1", 2, 10.5)]);
  expect(accepted).toMatchObject({ status: 202, success: true, orderId: "o-1" });
  await shop.order("o-1", [line("p-1", 2, 10.5)]);
  await becomes("o-1", "shipped");
  expect(await shop.stored("o-1")).toMatchObject({ amountCents: 2_100, stock: "kept" });
  expect(await shop.movements("o-1")).toEqual([charge("o-1", 2_100)]);
  expect(await stock()).toMatchObject({ "p-1": 8 });
  await expect.poll(shop.outbox, PATIENCE).toContain("Your order is on its way");
  await expect.poll(() => shop.tracked("o-1"), PATIENCE).toEqual(["created", "paid", "reserved", "shipped"]);
}, 240_000);

test("a charge that times out, and is made all the same after that, is not made again", async () => {
  await shop.faults({ delayMs: 4_000 });
  await shop.order("o-slow", [line("p-3", 1, 3)], { paymentMethod: "wallet" });
  await expect.poll(() => shop.asked("o-slow#charge"), PATIENCE).toBeGreaterThan(1);
  expect(await statusOf("o-slow")).toBe("reserved");
  await shop.faults({});
  await becomes("o-slow", "shipped");
  expect(await shop.movements("o-slow")).toEqual([charge("o-slow", 300)]);
}, 240_000);

test("large, partial and impossible orders go their ways; a payment that is declined gives the stock free", async () => {
  await shop.faults({ declinedFromCents: 500_000 });
  await shop.order("o-large", [line("p-3", 10, 1_000)], { email: undefined, phone: "+15550199" });
  await shop.order("o-partial", [line("p-2", 5, 2)], { partial: true });
  await becomes("o-partial", "shipped");
  expect(await shop.stored("o-partial")).toMatchObject({ amountCents: 600 });
  await shop.order("o-none", [line("p-2", 1, 2)]);
  await becomes("o-none", "rejected");
  await becomes("o-large", "cancelled");
  expect(await shop.movements("o-large")).toEqual([]);
  expect(await stock()).toEqual({ "p-1": 8, "p-2": 0, "p-3": 99 });
  // By text message, since there is no e-mail address; who buys and who is on call hear of what is gone.
  await expect.poll(shop.outbox, PATIENCE).toContain("Your order is cancelled. Order o-large");
  await expect.poll(shop.outbox, PATIENCE).toContain("low-stock");
  expect(await shop.outbox()).toContain("<To>+15550100</To><Body>Of p-2 0 are left</Body>");
  await expect.poll(() => shop.items("restock"), PATIENCE).toMatchObject([{ productId: "p-2", available: 0 }]);
}, 240_000);

test("a parcel that the carrier does not take gives back stock and money, once each", async () => {
  await shop.faults({ undeliverable: 1, lostAnswers: 0.3 });
  await shop.order("o-nowhere", [line("p-1", 3, 5)]);
  await becomes("o-nowhere", "cancelled");
  await shop.faults({});
  expect(await shop.stored("o-nowhere")).toMatchObject({ because: "no such address", owed: [] });
  expect(await shop.movements("o-nowhere")).toEqual([charge("o-nowhere", 1_500), refund("o-nowhere", 1_500)]);
  expect(await stock()).toMatchObject({ "p-1": 8 });
  await expect.poll(shop.outbox, PATIENCE).toContain("Your order is cancelled");
}, 240_000);

test("a priority order is shipped while ordinary ones wait for their turn", async () => {
  await shop.switchIntake("orders", false);
  await shop.order("o-ordinary", [line("p-3", 1, 1)]);
  await shop.order("o-urgent", [line("p-3", 1, 1)], { priority: "high" });
  await becomes("o-urgent", "shipped");
  expect(await statusOf("o-ordinary")).toBeUndefined();
  await shop.switchIntake("orders", true);
  await becomes("o-ordinary", "shipped");
}, 240_000);

test("what is not paid in time goes back to the shelf, and money that comes later is given back", async () => {
  await shop.switchIntake("payments", false);
  await shop.order("o-late", [line("p-1", 4, 2)]);
  await becomes("o-late", "reserved");
  expect(await stock()).toMatchObject({ "p-1": 4 });
  const { endpoint } = shop.started().app;
  const jumped = await reliq("local", "jump", "17m", "--wait", "120", "--endpoint", endpoint);
  expect(jumped, jumped.output).toMatchObject({ code: 0 });
  await expect.poll(stock, PATIENCE).toMatchObject({ "p-1": 8 });
  await expect.poll(() => shop.stored("o-late"), PATIENCE).toMatchObject({ status: "reserved", stock: "expired" });
  await shop.switchIntake("payments", true);
  await becomes("o-late", "cancelled");
  expect(await shop.movements("o-late")).toEqual([charge("o-late", 800), refund("o-late", 800)]);
  expect(await stock()).toEqual({ "p-1": 8, "p-2": 0, "p-3": 97 });
}, 300_000);

test("an order that breaks a rule is refused, with the name of each field", async () => {
  const wrong = await shop.order("o-wrong", [line("p-1", 0, 1)], { totalAmount: 7, phone: "555" });
  expect(wrong).toMatchObject({ status: 400, success: false });
  expect(wrong.error).toContain("items.0.quantity");
  expect(wrong.error).toContain("phone");
  const sum = await shop.order("o-wrong", [line("p-1", 1, 1)], { totalAmount: 7 });
  expect(sum.error).toContain("totalAmount: it is not the sum of the items");
});

test("what is personal is in clear nowhere but where it is needed: at the gateway, and in the message to the customer", async () => {
  await shop.switchIntake("payments", false);
  await shop.order("o-secret", [line("p-3", 1, 1)], { cardToken: "tok-4321", email: "secret@example.com" });
  await becomes("o-secret", "reserved");
  expect(await shop.stored("o-secret")).toMatchObject({
    email: expect.stringMatching(/^rq1\./),
    cardToken: expect.stringMatching(/^rq1\./),
  });
  const { endpoint } = shop.started().app;
  const waiting = async () => await readPeeked(endpoint, "order-processing-payments");
  await expect.poll(waiting, PATIENCE).toHaveLength(1);
  expect(JSON.stringify(await waiting())).not.toContain("tok-4321");
  await shop.switchIntake("payments", true);
  await becomes("o-secret", "shipped");
  expect(await shop.movements("o-secret")).toEqual([{ ...charge("o-secret", 100), cardToken: "tok-4321" }]);
  await expect.poll(shop.outbox, PATIENCE).toContain("secret@example.com");
  expect(await shop.logged("tok-4321")).toEqual([]);
  expect(await shop.logged("secret@example.com")).toEqual([]);
  expect(JSON.stringify(await shop.items("tracking"))).not.toContain("secret@example.com");
}, 240_000);

test("a stock that runs out within a day is told of before it has, once", async () => {
  const lambda = new LambdaClient(shop.started().app.settings);
  const look = async () => {
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: "order-processing-trends" }));
    return JSON.parse(Buffer.from(Payload ?? []).toString()) as { told: number };
  };
  for (const available of [100, 90, 80, 70, 60, 50]) {
    await shop.put("p-trend", available);
    await look();
  }
  await expect.poll(shop.outbox, PATIENCE).toMatch(/trend.*product p-trend/s);
  expect(await look()).toEqual({ told: 0 });
}, 240_000);

test("doctor finds what is deployed as it is described, and what somebody has changed since", async () => {
  const { endpoint, sqs, url } = shop.started().app;
  const differing = async () => {
    const file = "apps/order-processing/description.ts";
    const { output } = await reliq("doctor", "--json", "--endpoint", endpoint, "--description", file);
    const { findings } = JSON.parse(output) as { findings: { rule: string; what: string }[] };
    return findings.filter(({ rule }) => rule === "differs-from-description").map(({ what }) => what);
  };
  expect(await differing()).toEqual([]);
  const { output } = await reliq("doctor", "--json", "--endpoint", endpoint);
  const { findings } = JSON.parse(output) as { findings: { severity: string; what: string }[] };
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const QueueUrl = url("order-processing-shipping");
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "200" } }));
  expect(await differing()).toEqual(["Its visibilitySeconds is 200, and is described as 180."]);
}, 120_000);

test("in the end no message is missing: every queue balances, and nothing is dead", async () => {
  const accounts = async () =>
    (await readAccounts(shop.started().app.endpoint)).filter(
      ({ difference, deadLettered }) => difference !== 0 || deadLettered !== 0,
    );
  await expect.poll(accounts, PATIENCE).toEqual([]);
}, 240_000);
