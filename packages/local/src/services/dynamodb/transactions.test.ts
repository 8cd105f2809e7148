import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestClock, newTable, openRegion, type TestRegion } from "./testing/fixture.ts";

const clock = createTestClock();
let at: TestRegion;

beforeAll(async () => {
  at = await openRegion(clock);
  await newTable(at, "stock");
  await newTable(at, "claims");
});
afterAll(() => at.close());

const key = (pk: string): { pk: { S: string } } => ({ pk: { S: pk } });
const item = async (TableName: string, pk: string): Promise<unknown> =>
  (await at.client.getItem({ TableName, Key: key(pk) })).Item;

describe("Transactions (developer guide, Amazon DynamoDB Transactions: How it works)", () => {
  test("claim and effect are one: both are written", async () => {
    await at.client.putItem({ TableName: "stock", Item: { ...key("apples"), left: { N: "5" } } });
    await at.client.transactWriteItems({
      TransactItems: [
        { Put: { TableName: "claims", Item: key("order-1"), ConditionExpression: "attribute_not_exists(pk)" } },
        {
          Update: {
            TableName: "stock",
            Key: key("apples"),
            UpdateExpression: "SET #left = #left - :two",
            ConditionExpression: "#left >= :two",
            ExpressionAttributeNames: { "#left": "left" },
            ExpressionAttributeValues: { ":two": { N: "2" } },
          },
        },
      ],
    });
    expect([await item("claims", "order-1"), await item("stock", "apples")]).toEqual([
      key("order-1"),
      { ...key("apples"), left: { N: "3" } },
    ]);
  });

  test("one failed condition cancels all, and each part has its reason", async () => {
    await at.client.putItem({ TableName: "stock", Item: { ...key("pears"), left: { N: "1" } } });
    const cancelled = at.client.transactWriteItems({
      TransactItems: [
        { Put: { TableName: "claims", Item: key("order-2") } },
        {
          Delete: {
            TableName: "stock",
            Key: key("pears"),
            ConditionExpression: "#left > :one",
            ExpressionAttributeNames: { "#left": "left" },
            ExpressionAttributeValues: { ":one": { N: "1" } },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          },
        },
        { ConditionCheck: { TableName: "claims", Key: key("nobody"), ConditionExpression: "attribute_exists(pk)" } },
      ],
    });
    await expect(cancelled).rejects.toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Item: { ...key("pears"), left: { N: "1" } } },
        { Code: "ConditionalCheckFailed" },
      ],
    });
    expect(await item("claims", "order-2")).toBeUndefined();
  });

  test("an update that does not fit its item cancels the transaction", async () => {
    await at.client.putItem({ TableName: "stock", Item: { ...key("text"), left: { S: "many" } } });
    const ExpressionAttributeValues = { ":one": { N: "1" } };
    const Update = {
      TableName: "stock",
      Key: key("text"),
      UpdateExpression: "ADD #left :one",
      ExpressionAttributeNames: { "#left": "left" },
      ExpressionAttributeValues,
    };
    await expect(at.client.transactWriteItems({ TransactItems: [{ Update }] })).rejects.toMatchObject({
      CancellationReasons: [
        { Code: "ValidationError", Message: "An operand in the update expression has an incorrect data type" },
      ],
    });
  });

  test("the same token writes once, for ten minutes, also after a restart", async () => {
    const add = (token: string, by: string): Promise<unknown> =>
      at.client.transactWriteItems({
        ClientRequestToken: token,
        TransactItems: [
          {
            Update: {
              TableName: "stock",
              Key: key("counted"),
              UpdateExpression: "ADD n :by",
              ExpressionAttributeValues: { ":by": { N: by } },
            },
          },
        ],
      });
    await add("token-1", "1");
    await add("token-1", "1");
    at = await at.restart();
    await add("token-1", "1");
    expect(await item("stock", "counted")).toMatchObject({ n: { N: "1" } });
    await expect(add("token-1", "2")).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
    clock.advance(10 * 60);
    await add("token-1", "1");
    expect(await item("stock", "counted")).toMatchObject({ n: { N: "2" } });
  });

  test("a token whose transaction was cancelled can be used again", async () => {
    const put = (): Promise<unknown> =>
      at.client.transactWriteItems({
        ClientRequestToken: "token-2",
        TransactItems: [
          { ConditionCheck: { TableName: "stock", Key: key("ready"), ConditionExpression: "attribute_exists(pk)" } },
          { Put: { TableName: "stock", Item: key("retried") } },
        ],
      });
    await expect(put()).rejects.toMatchObject({ name: "TransactionCanceledException" });
    await at.client.putItem({ TableName: "stock", Item: key("ready") });
    await put();
    expect(await item("stock", "retried")).toEqual(key("retried"));
  });

  test("two parts about one item, too many parts, and a part of two kinds are refused", async () => {
    const Put = { TableName: "stock", Item: key("twice") };
    const Delete = { TableName: "stock", Key: key("twice") };
    const refused = (TransactItems: object[]): Promise<unknown> => at.client.transactWriteItems({ TransactItems });
    await expect(refused([{ Put }, { Delete }])).rejects.toMatchObject({
      message: "Transaction request cannot include multiple operations on one item",
    });
    const many = Array.from({ length: 101 }, (_, n) => ({ Put: { TableName: "stock", Item: key(`many-${n}`) } }));
    await expect(refused(many)).rejects.toMatchObject({
      message: expect.stringContaining("less than or equal to 100"),
    });
    await expect(refused([{ Put, Delete }])).rejects.toMatchObject({
      message: "TransactItems can only contain one of Check, Put, Update or Delete",
    });
  });

  test("a transaction writes at most 4 MB, or nothing", async () => {
    const TransactItems = Array.from({ length: 11 }, (_, n) => ({
      Put: { TableName: "stock", Item: { ...key(`large-${n}`), v: { S: "x".repeat(400_000) } } },
    }));
    await expect(at.client.transactWriteItems({ TransactItems })).rejects.toMatchObject({
      name: "ValidationException",
    });
    expect(await item("stock", "large-0")).toBeUndefined();
  });

  test("items are read as they were at one moment, in the order that was asked for", async () => {
    await at.client.putItem({ TableName: "stock", Item: { ...key("read"), a: { N: "1" }, b: { N: "2" } } });
    const { Responses, ConsumedCapacity } = await at.client.transactGetItems({
      TransactItems: [
        { Get: { TableName: "claims", Key: key("nobody") } },
        { Get: { TableName: "stock", Key: key("read"), ProjectionExpression: "b" } },
      ],
      ReturnConsumedCapacity: "TOTAL",
    });
    expect(Responses).toEqual([{}, { Item: { b: { N: "2" } } }]);
    expect(ConsumedCapacity?.map((each) => each.CapacityUnits)).toEqual([2, 2]);
  });
});

describe("Batches (API reference, BatchGetItem, BatchWriteItem)", () => {
  test("many items are put and deleted, and read back from several tables", async () => {
    await at.client.batchWriteItem({
      RequestItems: {
        stock: [{ PutRequest: { Item: { ...key("b1"), v: { N: "1" } } } }, { DeleteRequest: { Key: key("apples") } }],
        claims: [{ PutRequest: { Item: key("b1") } }],
      },
    });
    const { Responses, UnprocessedKeys } = await at.client.batchGetItem({
      RequestItems: { stock: { Keys: [key("b1"), key("apples")] }, claims: { Keys: [key("b1")] } },
    });
    expect([Responses, UnprocessedKeys]).toEqual([
      { stock: [{ ...key("b1"), v: { N: "1" } }], claims: [key("b1")] },
      {},
    ]);
  });

  test("reads over 16 MB are left for the next request", async () => {
    const keys = Array.from({ length: 50 }, (_, n) => key(`heavy-${n}`));
    for (const each of keys) {
      await at.client.putItem({ TableName: "claims", Item: { ...each, v: { S: "x".repeat(390_000) } } });
    }
    const first = await at.client.batchGetItem({ RequestItems: { claims: { Keys: keys } } });
    const left = first.UnprocessedKeys?.["claims"]?.Keys ?? [];
    expect((first.Responses?.["claims"]?.length ?? 0) + left.length).toBe(50);
    expect(left.length).toBeGreaterThan(0);
    const rest = await at.client.batchGetItem({ RequestItems: first.UnprocessedKeys });
    expect(rest.Responses?.["claims"]).toHaveLength(left.length);
  });

  test("twice the same key, and more than 25 writes or 100 reads, are refused", async () => {
    const put = { PutRequest: { Item: key("dup") } };
    const refused = "Provided list of item keys contains duplicates";
    await expect(at.client.batchWriteItem({ RequestItems: { stock: [put, put] } })).rejects.toMatchObject({
      message: refused,
    });
    await expect(
      at.client.batchGetItem({ RequestItems: { stock: { Keys: [key("dup"), key("dup")] } } }),
    ).rejects.toMatchObject({ message: refused });
    const puts = Array.from({ length: 26 }, (_, n) => ({ PutRequest: { Item: key(`n-${n}`) } }));
    await expect(at.client.batchWriteItem({ RequestItems: { stock: puts } })).rejects.toMatchObject({
      message: "Too many items requested for the BatchWriteItem call",
    });
    const Keys = Array.from({ length: 101 }, (_, n) => key(`n-${n}`));
    await expect(at.client.batchGetItem({ RequestItems: { stock: { Keys } } })).rejects.toMatchObject({
      message: "Too many items requested for the BatchGetItem call",
    });
  });
});
