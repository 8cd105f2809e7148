import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { again, batch, trial } from "./consumer-trial.ts";

/** Counts the runs of an effect in the table itself. */
const count = (body: unknown): object => ({
  Update: {
    TableName: "journal",
    Key: { pk: { S: `effect#${body}` }, sk: { S: "effect" } },
    UpdateExpression: "ADD runs :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  },
});

async function runs(client: DynamoDBClient, body: number): Promise<string | undefined> {
  const Key = { pk: { S: `effect#${body}` }, sk: { S: "effect" } };
  return (await client.send(new GetItemCommand({ TableName: "journal", Key }))).Item?.["runs"]?.N;
}

const TWO = Array(2).fill("BatchExecuteStatementCommand");

test("a batch of ten with keys costs two requests: when it is new, when some of it fails, and when it is all duplicates", async () => {
  const handled: unknown[] = [];
  let bad: unknown = 3;
  const handle = (body: unknown): void => {
    handled.push(body);
    if (body === bad) throw new Error("boom");
  };
  const { sent, deliver } = await trial({ handle, idempotency: { key: String } });
  const first = batch(10, "a");
  expect(await deliver(first)).toEqual(["a-3"]);
  expect(sent()).toEqual(TWO);
  bad = undefined;
  expect(await deliver(again(first.slice(3, 4)))).toEqual([]);
  expect(sent()).toEqual(TWO);
  expect(await deliver(batch(10, "b"))).toEqual([]);
  expect(sent()).toEqual(TWO);
  expect(handled).toHaveLength(11);
});

test("a batch of a hundred with keys costs eight", async () => {
  const { sent, deliver } = await trial({ handle: () => {}, idempotency: { key: String } });
  expect(await deliver(batch(100, "a"))).toEqual([]);
  expect(sent()).toHaveLength(8);
});

test("a batch without keys costs nothing, and one more where something fails", async () => {
  const handle = (body: unknown): void => {
    if (Number(body) > 7) throw new Error("boom");
  };
  const { sent, deliver } = await trial({ handle });
  expect(await deliver(batch(8, "a"))).toEqual([]);
  expect(sent()).toEqual([]);
  expect(await deliver(batch(10, "b"))).toEqual(["b-8", "b-9"]);
  expect(sent()).toHaveLength(1);
});

test("transactional effects with keys are there once, at one request for those that are ready together", async () => {
  const handle = (body: unknown): object => ({ writes: [count(body)] });
  const { client, sent, deliver } = await trial({ handle, effect: "transactional", idempotency: { key: String } });
  expect(await deliver(batch(5, "a"))).toEqual([]);
  expect(sent()).toEqual(["TransactWriteItemsCommand"]);
  expect(await deliver(again(batch(5, "a")))).toEqual([]);
  expect(await deliver(batch(5, "b"))).toEqual([]);
  expect(await runs(client, 4)).toBe("1");
});

test("on FIFO a transactional effect costs at most its own request, and a failure holds its group only", async () => {
  let bad: unknown = 2;
  const handle = (body: unknown): object => {
    if (body === bad) throw new Error("boom");
    return { writes: [count(body)] };
  };
  const { client, sent, deliver } = await trial({ handle, effect: "transactional" });
  const records = batch(6, "a", (index) => (index % 2 === 0 ? "even" : "odd"));
  expect(await deliver(records)).toEqual(["a-2", "a-4"]);
  const requests = sent();
  expect(requests.filter((name) => name === "TransactWriteItemsCommand")).toHaveLength(3);
  expect(requests.filter((name) => name === "BatchExecuteStatementCommand")).toHaveLength(1);
  bad = undefined;
  expect(await deliver(again(records))).toEqual([]);
  expect(await Promise.all([0, 1, 2, 3, 4, 5].map((body) => runs(client, body)))).toEqual(Array(6).fill("1"));
});
