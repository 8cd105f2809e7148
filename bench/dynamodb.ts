import { setTimeout as wait } from "node:timers/promises";
import type { Pool } from "undici";
import { callRaw } from "../harness/raw-client.ts";
import { startDynalite } from "../harness/server-process.ts";
import { compare, onEveryConnection, type Rates, rate } from "./compare.ts";

/** Conditional puts a run: of four puts the last is for a key that exists, and is refused. */
const PUTS = 8_000;

/** Conditional PutItem calls a second: the local region against dynalite. */
export async function benchDynamodb(): Promise<{ putRatio: number }> {
  const { put } = await compare("dynalite", startDynalite, measure);
  return { putRatio: put };
}

async function measure(pool: Pool, TableName: string, scale: number): Promise<Rates<"put">> {
  await createTable(pool, TableName);
  const puts = PUTS * scale;
  return { put: await rate(puts, () => putAll(pool, TableName, puts)) };
}

async function createTable(pool: Pool, TableName: string): Promise<void> {
  await callRaw(pool, "dynamodb", "CreateTable", {
    TableName,
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  for (;;) {
    const { body } = await callRaw(pool, "dynamodb", "DescribeTable", { TableName });
    if ((body["Table"] as { TableStatus?: string } | undefined)?.TableStatus === "ACTIVE") return;
    await wait(20);
  }
}

async function putAll(pool: Pool, TableName: string, puts: number): Promise<void> {
  let next = 0;
  await onEveryConnection(async () => {
    for (let number = next++; number < puts; number = next++) {
      const repeated = number % 4 === 3 && number > 100;
      const pk = `order-${repeated ? number - 99 : number}`;
      const { status, body } = await callRaw(pool, "dynamodb", "PutItem", {
        TableName,
        Item: { pk: { S: pk }, customer: { S: "x".repeat(400) }, total: { N: String(number) } },
        ConditionExpression: "attribute_not_exists(pk)",
      });
      if (status !== (repeated ? 400 : 200)) throw new Error(`PutItem answered ${status}: ${JSON.stringify(body)}`);
    }
  });
}
