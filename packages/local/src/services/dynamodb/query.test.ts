import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newTable, openRegion, type TestRegion } from "./testing/fixture.ts";

let at: TestRegion;

beforeAll(async () => {
  at = await openRegion();
  await at.client.createTable({
    TableName: "orders",
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "S" },
      { AttributeName: "sk", AttributeType: "N" },
      { AttributeName: "city", AttributeType: "S" },
      { AttributeName: "paid", AttributeType: "N" },
    ],
    KeySchema: [
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: "by-city",
        KeySchema: [{ AttributeName: "city", KeyType: "HASH" }],
        Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["note"] },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: "by-paid",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "paid", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  });
  for (const [n, sk] of ["-10", "-1.5", "0", "2", "10", "1e3"].entries()) {
    await at.client.putItem({
      TableName: "orders",
      Item: {
        pk: { S: "ann" },
        sk: { N: sk },
        note: { S: `n${n}` },
        extra: { S: `o${n}` },
        ...(n % 2 === 0 && { city: { S: "Ulm" } }),
        ...(n > 2 && { paid: { N: String(10 - n) } }),
      },
    });
  }
});
afterAll(() => at.close());

type Query = Partial<Parameters<TestRegion["client"]["query"]>[0]>;

const query = (condition: string, values: Record<string, unknown>, input: Query = {}) =>
  at.client.query({
    TableName: "orders",
    KeyConditionExpression: condition,
    ExpressionAttributeValues: { ":pk": { S: "ann" }, ...(values as Record<string, { N: string }>) },
    ...input,
  });
const numbers = async (...args: Parameters<typeof query>): Promise<(string | undefined)[] | undefined> =>
  (await query(...args)).Items?.map((each) => each["sk"]?.N);

describe("Queries (developer guide, Querying tables)", () => {
  test("items come in the order of their numbers, or in the reverse one", async () => {
    const ordered = ["-10", "-1.5", "0", "2", "10", "1000"];
    expect(await numbers("pk = :pk", {})).toEqual(ordered);
    expect(await numbers("pk = :pk", {}, { ScanIndexForward: false })).toEqual(ordered.toReversed());
  });

  test.each([
    ["sk = :n", { ":n": { N: "2.0" } }, ["2"]],
    ["sk < :n", { ":n": { N: "0" } }, ["-10", "-1.5"]],
    ["sk <= :n", { ":n": { N: "0" } }, ["-10", "-1.5", "0"]],
    ["sk > :n", { ":n": { N: "2" } }, ["10", "1000"]],
    ["sk >= :n", { ":n": { N: "2" } }, ["2", "10", "1000"]],
    [":n > sk", { ":n": { N: "0" } }, ["-10", "-1.5"]],
    ["sk BETWEEN :n AND :m", { ":n": { N: "-1.5" }, ":m": { N: "2" } }, ["-1.5", "0", "2"]],
  ])("a range of the key: %s", async (condition, values, expected) => {
    expect(await numbers(`pk = :pk AND ${condition}`, values)).toEqual(expected);
  });

  test("strings are in the order of their UTF-8 bytes, and binaries in that of their bytes", async () => {
    await newTable(at, "strings", ["S", "S"]);
    const texts = ["Z", "a", "ab", "é", "\uffee", "😀"];
    for (const sk of texts.toReversed()) {
      await at.client.putItem({ TableName: "strings", Item: { pk: { S: "x" }, sk: { S: sk } } });
    }
    const all = { TableName: "strings", KeyConditionExpression: "pk = :x AND begins_with(sk, :a)" };
    const read = async (prefix: string): Promise<unknown> =>
      (
        await at.client.query({
          ...all,
          ...(prefix === "" && { KeyConditionExpression: "pk = :x" }),
          ExpressionAttributeValues: { ":x": { S: "x" }, ...(prefix !== "" && { ":a": { S: prefix } }) },
        })
      ).Items?.map((each) => each["sk"]?.S);
    expect(await read("")).toEqual(texts);
    expect(await read("a")).toEqual(["a", "ab"]);

    await newTable(at, "binaries", ["S", "B"]);
    for (const bytes of [[255], [0, 255], [0], [128]]) {
      await at.client.putItem({ TableName: "binaries", Item: { pk: { S: "x" }, sk: { B: new Uint8Array(bytes) } } });
    }
    const { Items } = await at.client.query({
      TableName: "binaries",
      KeyConditionExpression: "pk = :x",
      ExpressionAttributeValues: { ":x": { S: "x" } },
    });
    expect(Items?.map((each) => [...(each["sk"]?.B ?? [])])).toEqual([[0], [0, 255], [128], [255]]);
  });

  test("a filter comes after the read: it counts and pages what it drops", async () => {
    const answer = await query("pk = :pk", { ":note": { S: "n3" } }, { FilterExpression: "note = :note", Limit: 4 });
    expect(answer).toMatchObject({ Count: 1, ScannedCount: 4, LastEvaluatedKey: { pk: { S: "ann" }, sk: { N: "2" } } });
  });

  test("pages go on where they ended, to the last one", async () => {
    const seen: unknown[] = [];
    let pages = 0;
    for (let start: Query["ExclusiveStartKey"]; ; pages++) {
      const page = await query("pk = :pk", {}, { Limit: 4, ExclusiveStartKey: start });
      seen.push(...(page.Items ?? []).map((each) => each["sk"]?.N));
      start = page.LastEvaluatedKey;
      if (!start) break;
    }
    expect([seen, pages]).toEqual([["-10", "-1.5", "0", "2", "10", "1000"], 1]);
  });

  test("a page holds 1 MB, and says where it ended", async () => {
    await newTable(at, "large", ["S", "N"]);
    for (let sk = 0; sk < 12; sk++) {
      const Item = { pk: { S: "x" }, sk: { N: String(sk) }, v: { S: "v".repeat(100_000) } };
      await at.client.putItem({ TableName: "large", Item });
    }
    const input = {
      TableName: "large",
      KeyConditionExpression: "pk = :x",
      ExpressionAttributeValues: { ":x": { S: "x" } },
    };
    const first = await at.client.query(input);
    expect([first.Count, first.LastEvaluatedKey]).toEqual([11, { pk: { S: "x" }, sk: { N: "10" } }]);
    const rest = await at.client.query({ ...input, ExclusiveStartKey: first.LastEvaluatedKey });
    expect([rest.Count, rest.LastEvaluatedKey]).toEqual([1, undefined]);
  });

  test("only the attributes that are asked for, or only their number", async () => {
    const { Items } = await query("pk = :pk AND sk = :n", { ":n": { N: "2" } }, { ProjectionExpression: "note" });
    expect(Items).toEqual([{ note: { S: "n3" } }]);
    const counted = await query("pk = :pk", {}, { Select: "COUNT" });
    expect([counted.Count, counted.Items]).toEqual([6, undefined]);
  });

  test.each([
    ["b = :pk", {}, {}, "Query condition missed key schema element: pk"],
    ["pk > :pk", {}, {}, "Query key condition not supported"],
    ["pk = :pk OR sk = :pk", {}, {}, "Invalid operator used in KeyConditionExpression: OR"],
    ["pk = :pk AND sk <> :n", { ":n": { N: "1" } }, {}, "Invalid operator used in KeyConditionExpression: <>"],
    [
      "pk = :pk AND contains(sk, :n)",
      { ":n": { N: "1" } },
      {},
      "Invalid operator used in KeyConditionExpression: contains",
    ],
    [
      "pk = :pk AND size(sk) = :n",
      { ":n": { N: "1" } },
      {},
      "KeyConditionExpressions cannot contain nested operations",
    ],
    [
      "pk = :pk AND sk = :n AND sk > :n",
      { ":n": { N: "1" } },
      {},
      "KeyConditionExpressions must only contain one condition per key",
    ],
    ["pk = :pk AND sk = :n AND city = :n", { ":n": { N: "1" } }, {}, "Conditions can be of length 1 or 2 only"],
    [
      "pk = sk",
      {},
      { ExpressionAttributeValues: undefined },
      "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition",
    ],
    [
      "pk = :pk AND sk = :pk",
      {},
      {},
      "One or more parameter values were invalid: Condition parameter type does not match schema type",
    ],
    [
      "pk = :pk",
      {},
      { FilterExpression: "sk > :n", ExpressionAttributeValues: { ":pk": { S: "ann" }, ":n": { N: "1" } } },
      "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
    ],
    ["pk = :pk", {}, { ExclusiveStartKey: { pk: { S: "ann" } } }, "The provided starting key is invalid"],
    [
      "pk = :pk",
      {},
      { ExclusiveStartKey: { pk: { S: "bob" }, sk: { N: "1" } } },
      "The provided starting key is outside query boundaries based on provided conditions",
    ],
    ["pk = :pk", {}, { IndexName: "nope" }, "The table does not have the specified index: nope"],
    [
      "pk = :pk",
      {},
      { Select: "ALL_PROJECTED_ATTRIBUTES" as const },
      "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName",
    ],
  ])("%s is refused: %j %j", async (condition, values, input, message) => {
    await expect(query(condition, values, input as Query)).rejects.toMatchObject({
      name: "ValidationException",
      message,
    });
  });
});

describe("Secondary indexes (developer guide, Global secondary indexes; Local secondary indexes)", () => {
  const inUlm = (input: Query = {}) =>
    at.client.query({
      TableName: "orders",
      IndexName: "by-city",
      KeyConditionExpression: "city = :city",
      ExpressionAttributeValues: { ":city": { S: "Ulm" } },
      ...input,
    });

  test("an index has the items that have its key, with its attributes", async () => {
    const { Items } = await inUlm();
    expect(Items?.map((each) => Object.keys(each).sort())).toEqual(Array(3).fill(["city", "note", "pk", "sk"]));
  });

  test("pages of an index go on among items of one key", async () => {
    const seen = new Set<unknown>();
    let LastEvaluatedKey: Query["ExclusiveStartKey"];
    for (let page = 0; page < 3; page++) {
      const answer = await inUlm({ Limit: 1, ExclusiveStartKey: LastEvaluatedKey });
      seen.add(answer.Items?.[0]?.["sk"]?.N);
      LastEvaluatedKey = answer.LastEvaluatedKey;
      expect(Object.keys(LastEvaluatedKey ?? {}).sort()).toEqual(["city", "pk", "sk"]);
    }
    expect(seen.size).toBe(3);
    expect(await inUlm({ Limit: 1, ExclusiveStartKey: LastEvaluatedKey })).toMatchObject({ Count: 0 });
  });

  test.each([
    [{ ConsistentRead: true }, "Consistent reads are not supported on global secondary indexes"],
    [{ ProjectionExpression: "extra" }, "Global secondary index by-city does not project [extra]"],
    [
      { Select: "ALL_ATTRIBUTES" as const },
      "Select type ALL_ATTRIBUTES is not supported for global secondary index by-city",
    ],
    [
      { FilterExpression: "attribute_exists(extra)" },
      "Secondary index by-city does not project one or more filter attributes: [extra]",
    ],
  ])("what a global index cannot give is refused: %j", async (input, message) => {
    await expect(inUlm(input)).rejects.toMatchObject({ message: expect.stringContaining(message) });
  });

  test("a local index reads what it lacks from the table", async () => {
    const byPaid = { IndexName: "by-paid" };
    const { Items } = await query("pk = :pk", {}, byPaid);
    expect(Items?.map((each) => [each["paid"]?.N, each["note"]])).toEqual([
      ["5", undefined],
      ["6", undefined],
      ["7", undefined],
    ]);
    const whole = await query(
      "pk = :pk",
      {},
      { ...byPaid, Select: "ALL_ATTRIBUTES", ReturnConsumedCapacity: "INDEXES" },
    );
    expect(whole.Items?.map((each) => each["note"]?.S)).toEqual(["n5", "n4", "n3"]);
    expect(whole.ConsumedCapacity).toMatchObject({ Table: { CapacityUnits: 1.5 }, CapacityUnits: 2 });
  });

  test("an index's key has its type, and is not empty", async () => {
    const put = (city: unknown): Promise<unknown> =>
      at.client.putItem({ TableName: "orders", Item: { pk: { S: "x" }, sk: { N: "1" }, city: city as { S: string } } });
    await expect(put({ N: "1" })).rejects.toMatchObject({
      message: expect.stringContaining("Type mismatch for Index Key city Expected: S Actual: N IndexName: by-city"),
    });
    await expect(put({ S: "" })).rejects.toMatchObject({
      message: expect.stringContaining("cannot contain an empty string value. IndexName: by-city, IndexKey: city"),
    });
  });
});

describe("Scans (developer guide, Scanning tables)", () => {
  test("the segments of a parallel scan have every item once", async () => {
    await newTable(at, "wide");
    for (let n = 0; n < 40; n++) await at.client.putItem({ TableName: "wide", Item: { pk: { S: `item-${n}` } } });
    const TotalSegments = 4;
    const segments = await Promise.all(
      [0, 1, 2, 3].map((Segment) => at.client.scan({ TableName: "wide", Segment, TotalSegments })),
    );
    const keys = segments.flatMap((each) => each.Items ?? []).map((each) => each["pk"]?.S);
    expect([keys.length, new Set(keys).size]).toEqual([40, 40]);
    expect(segments.every((each) => (each.Count ?? 0) > 0)).toBe(true);
  });

  test("a scan goes page by page in an order of its own, not in that of the keys", async () => {
    const keys: string[] = [];
    for (let start: Query["ExclusiveStartKey"]; ; ) {
      const page = await at.client.scan({ TableName: "wide", Limit: 7, ExclusiveStartKey: start });
      keys.push(...(page.Items ?? []).map((each) => each["pk"]?.S ?? ""));
      start = page.LastEvaluatedKey;
      if (!start) break;
    }
    expect(new Set(keys).size).toBe(40);
    expect(keys).not.toEqual(keys.toSorted());
  });

  test("a segment without their number, or past it, is refused", async () => {
    await expect(at.client.scan({ TableName: "wide", Segment: 0 })).rejects.toMatchObject({
      name: "ValidationException",
    });
    await expect(at.client.scan({ TableName: "wide", Segment: 2, TotalSegments: 2 })).rejects.toMatchObject({
      message: expect.stringContaining("The Segment parameter is zero-based"),
    });
  });

  test("a scan of an index has only the items of the index", async () => {
    const { Count, ScannedCount } = await at.client.scan({ TableName: "orders", IndexName: "by-city" });
    expect([Count, ScannedCount]).toEqual([3, 3]);
  });
});
