import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamodbJournal } from "@reliq/aws";
import { type Attempted, type ConsumePorts, consume, isOver, type ReceivedMessage } from "@reliq/core";
import { sampleMessage, samplePorts } from "@reliq/core/testing";
import { type Region, startRegion } from "@reliq/local";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Order } from "../domain/order.ts";
import { nextStep, type OrderState } from "../domain/order-state.ts";
import { ordersConsumer } from "../domain/orders.ts";
import { dynamodbOrders } from "../handlers/dynamodb-orders.ts";

let directory: string;
let region: Region;
let client: DynamoDBClient;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "reliq-trading-"));
  region = await startRegion({ stateDirectory: directory, port: 0 });
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  client = new DynamoDBClient({ endpoint: region.endpoint, region: "us-east-1", credentials });
  await createTable("orders", ["orderId"]);
  await createTable("journal", ["pk", "sk"]);
});
afterAll(async () => {
  client.destroy();
  await region.stop();
  rmSync(directory, { recursive: true });
});

async function createTable(TableName: string, keys: readonly string[]): Promise<void> {
  const input: CreateTableCommandInput = {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
    AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
  };
  await client.send(new CreateTableCommand(input));
}

/** What goes wrong with one delivery: its commits fail before or after they are done, it comes twice at once, or it is cut off after its effects. */
type Fault = "none" | "before" | "after" | "twice" | "cut";

const FAULTS = fc.array(fc.constantFrom<Fault>("none", "before", "after", "twice", "cut"), { maxLength: 12 });
const ASKED = fc.array(
  fc.record({
    orderType: fc.constantFrom("BUY" as const, "AMEND" as const, "FILL" as const, "CANCEL" as const),
    amount: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 6 },
);

function portsWith(fault: Fault): ConsumePorts {
  const journal = dynamodbJournal(client, "journal");
  const commit: typeof journal.commit = async (effect) => {
    if (fault === "before") throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
    const end = await journal.commit(effect);
    if (fault === "after") throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
    return end;
  };
  return samplePorts({ journal: { ...journal, commit } });
}

/** Delivers the messages of a group as a FIFO queue does, up to five at a time, until each is over or can never succeed. */
async function deliverAll(messages: readonly ReceivedMessage[], faults: readonly Fault[]): Promise<void> {
  const consumer = ordersConsumer(dynamodbOrders(client, "orders"), { failFast: false, onPoison: "skip" });
  const never = new AbortController().signal;
  const deliver = (batch: readonly ReceivedMessage[], fault: Fault): Promise<readonly Attempted[]> =>
    consume(
      consumer,
      { messages: batch, leaseUntilMs: Number.MAX_SAFE_INTEGER, signal: never, deadline: never },
      portsWith(fault),
    );
  let left = messages;
  for (let round = 0; left.length > 0; round++) {
    const fault = faults[round] ?? "none";
    const batch = left.slice(0, 5);
    const [attempted = []] = await Promise.all(
      fault === "twice" ? [deliver(batch, fault), deliver(batch, fault)] : [deliver(batch, fault)],
    );
    if (fault === "cut") continue;
    const gone = new Set(attempted.filter(({ outcome }) => isOver(outcome) || isFinal(outcome)).map(idOf));
    left = left.filter(({ messageId }) => !gone.has(messageId));
  }
}

function isFinal(outcome: Attempted["outcome"]): boolean {
  return outcome.kind === "failed" && !outcome.reason.retryable;
}

function idOf({ message }: Attempted): string {
  return message.messageId;
}

let runs = 0;

test("an order is after faults of every kind what it is without any: each message has its effect once, and in sequence", async () => {
  await fc.assert(
    fc.asyncProperty(ASKED, FAULTS, async (asked, faults) => {
      const orderId = `o-${++runs}`;
      const groupId = `account-${runs}`;
      const orders = asked.map(
        (each): Order => ({ ...each, orderId, symbol: "AAPL", timestamp: "2026-11-26T10:00:00.000Z" }),
      );
      const messages = orders.map((order, index) =>
        sampleMessage({
          messageId: `${orderId}-${index}`,
          queue: "orders.fifo",
          body: JSON.stringify(order),
          groupId,
          sequenceNumber: String(index + 1).padStart(20, "0"),
        }),
      );
      await deliverAll(messages, faults);
      const expected = orders.reduce<OrderState | undefined>((before, order, index) => {
        const sequenceNumber = messages[index]?.sequenceNumber ?? "";
        const step = nextStep(before, order, { messageGroupId: groupId, sequenceNumber });
        return step.kind === "changed" ? step.after : before;
      }, undefined);
      expect(await dynamodbOrders(client, "orders").get(orderId)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
}, 120_000);
