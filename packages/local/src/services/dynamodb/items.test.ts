import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { send } from "./testing/endpoint.ts";
import { newTable, openRegion, type TestRegion } from "./testing/fixture.ts";

let at: TestRegion;

beforeAll(async () => {
  at = await openRegion();
  await newTable(at, "things");
  await newTable(at, "ranged", ["S", "N"]);
});
afterAll(() => at.close());

const key = (pk: string): { pk: { S: string } } => ({ pk: { S: pk } });
const nested = (levels: number): object => (levels === 0 ? { S: "x" } : { L: [nested(levels - 1)] });
const get = async (pk: string): Promise<unknown> =>
  (await at.client.getItem({ TableName: "things", Key: key(pk) })).Item;

describe("Conditional writes (developer guide, Working with items: Conditional writes)", () => {
  test("of ten puts at once of one new item, one succeeds", async () => {
    const puts = Array.from({ length: 10 }, (_, n) =>
      at.client.putItem({
        TableName: "things",
        Item: { ...key("once"), n: { N: String(n) } },
        ConditionExpression: "attribute_not_exists(pk)",
      }),
    );
    const outcomes = await Promise.allSettled(puts);
    expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
  });

  test("a failed condition shows the item on request, and changes nothing", async () => {
    await at.client.putItem({ TableName: "things", Item: { ...key("held"), owner: { S: "a" } } });
    const take = {
      TableName: "things",
      Key: key("held"),
      UpdateExpression: "SET #owner = :b",
      ConditionExpression: "#owner = :b",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":b": { S: "b" } },
    };
    const shown = at.client.updateItem({ ...take, ReturnValuesOnConditionCheckFailure: "ALL_OLD" });
    await expect(shown).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
      Item: { ...key("held"), owner: { S: "a" } },
    });
    await expect(at.client.updateItem(take)).rejects.not.toHaveProperty("Item", expect.anything());
    expect(await get("held")).toEqual({ ...key("held"), owner: { S: "a" } });
  });

  test("deleting an item that is not there succeeds, unless a condition wants it", async () => {
    expect(
      await at.client.deleteItem({ TableName: "things", Key: key("gone"), ReturnValues: "ALL_OLD" }),
    ).not.toHaveProperty("Attributes");
    await expect(
      at.client.deleteItem({ TableName: "things", Key: key("gone"), ConditionExpression: "attribute_exists(pk)" }),
    ).rejects.toMatchObject({ name: "ConditionalCheckFailedException" });
  });
});

describe("Return values (API reference, UpdateItem: ReturnValues)", () => {
  const update = async (ReturnValues: "ALL_OLD" | "ALL_NEW" | "UPDATED_OLD" | "UPDATED_NEW"): Promise<unknown> => {
    await at.client.putItem({
      TableName: "things",
      Item: { ...key("returned"), a: { N: "1" }, m: { M: { x: { N: "1" }, y: { N: "2" } } }, l: { L: [{ N: "1" }] } },
    });
    const { Attributes } = await at.client.updateItem({
      TableName: "things",
      Key: key("returned"),
      UpdateExpression: "SET a = :two, m.x = :two, l[5] = :two REMOVE m.y",
      ExpressionAttributeValues: { ":two": { N: "2" } },
      ReturnValues,
    });
    return Attributes;
  };

  test("the whole item, before and after", async () => {
    expect(await update("ALL_OLD")).toMatchObject({ a: { N: "1" }, l: { L: [{ N: "1" }] } });
    expect(await update("ALL_NEW")).toMatchObject({ a: { N: "2" }, l: { L: [{ N: "1" }, { N: "2" }] } });
  });

  test("of what the update touched only that, not the maps and lists around it", async () => {
    expect(await update("UPDATED_OLD")).toEqual({ a: { N: "1" }, m: { M: { x: { N: "1" }, y: { N: "2" } } } });
    expect(await update("UPDATED_NEW")).toEqual({ a: { N: "2" }, m: { M: { x: { N: "2" } } } });
  });

  test("a put returns the old item or nothing", async () => {
    await at.client.putItem({ TableName: "things", Item: { ...key("put"), v: { N: "1" } } });
    const { Attributes } = await at.client.putItem({ TableName: "things", Item: key("put"), ReturnValues: "ALL_OLD" });
    expect(Attributes).toEqual({ ...key("put"), v: { N: "1" } });
    await expect(
      at.client.putItem({ TableName: "things", Item: key("put"), ReturnValues: "ALL_NEW" }),
    ).rejects.toMatchObject({ message: "ReturnValues can only be ALL_OLD or NONE" });
  });
});

describe("Update expressions (developer guide, Update expressions)", () => {
  const run = async (pk: string, UpdateExpression: string, values: Record<string, unknown> = {}): Promise<unknown> => {
    const { Attributes } = await at.client.updateItem({
      TableName: "things",
      Key: key(pk),
      UpdateExpression,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values as Record<string, { S: string }> }),
      ReturnValues: "ALL_NEW",
    });
    return Attributes;
  };

  test("every operand is read from the item as it was", async () => {
    await at.client.putItem({ TableName: "things", Item: { ...key("swap"), a: { N: "1" }, b: { N: "2" } } });
    expect(await run("swap", "SET a = b, b = a")).toMatchObject({ a: { N: "2" }, b: { N: "1" } });
  });

  test("list positions are those of the list as it was, and a position past its end appends", async () => {
    const l = { L: ["0", "1", "2", "3"].map((N) => ({ N })) };
    await at.client.putItem({ TableName: "things", Item: { ...key("list"), l } });
    expect(
      await run("list", "REMOVE l[0], l[2] SET l[1] = :x, l[9] = :y", { ":x": { S: "x" }, ":y": { S: "y" } }),
    ).toMatchObject({
      l: { L: [{ S: "x" }, { N: "3" }, { S: "y" }] },
    });
  });

  test("counters start at nothing, and sets grow and shrink away", async () => {
    expect(await run("count", "ADD n :n, s :s", { ":n": { N: "0.1" }, ":s": { SS: ["b", "a"] } })).toMatchObject({
      n: { N: "0.1" },
      s: { SS: ["a", "b"] },
    });
    expect(await run("count", "ADD n :n DELETE s :s", { ":n": { N: "0.2" }, ":s": { SS: ["a", "b", "c"] } })).toEqual({
      ...key("count"),
      n: { N: "0.3" },
    });
  });

  test("if_not_exists and list_append make what is missing", async () => {
    const expression = "SET n = if_not_exists(n, :zero) + :one, l = list_append(if_not_exists(l, :empty), :more)";
    const values = { ":zero": { N: "0" }, ":one": { N: "1" }, ":empty": { L: [] }, ":more": { L: [{ S: "x" }] } };
    await run("upsert", expression, values);
    expect(await run("upsert", expression, values)).toMatchObject({
      n: { N: "2" },
      l: { L: [{ S: "x" }, { S: "x" }] },
    });
  });

  test("an update without an expression creates the item with its key", async () => {
    await at.client.updateItem({ TableName: "things", Key: key("bare") });
    expect(await get("bare")).toEqual(key("bare"));
  });
});

describe("Data types and limits (developer guide, Supported data types; Service quotas)", () => {
  test("every type comes back as it was put, numbers and sets in canonical form", async () => {
    const item = {
      ...key("types"),
      n: { N: "-0012.500e1" },
      b: { B: new Uint8Array([0, 255]) },
      f: { BOOL: false },
      z: { NULL: true as const },
      ss: { SS: ["b", "", "a"] },
      ns: { NS: ["10", "9.0", "-1e2"] },
      bs: { BS: [new Uint8Array([1])] },
      l: { L: [{ M: { x: { L: [] } } }] },
      e: { S: "" },
      deep: nested(31) as { S: string },
    };
    await at.client.putItem({ TableName: "things", Item: item });
    const n = { N: "-125" };
    expect(await get("types")).toEqual({ ...item, n, ss: { SS: ["", "a", "b"] }, ns: { NS: ["-100", "9", "10"] } });
  });

  test("attributes may have any name, also those of objects in JavaScript", async () => {
    // By hand: the SDK itself loses such a name.
    const Item = JSON.parse('{"pk":{"S":"proto"},"__proto__":{"M":{"__proto__":{"S":"in"},"constructor":{"N":"1"}}}}');
    await send(at.region.endpoint, { action: "PutItem", input: { TableName: "things", Item } });
    const names = { "#p": "__proto__" };
    const read = { TableName: "things", Key: key("proto"), ExpressionAttributeNames: names };
    const input = { ...read, ProjectionExpression: "#p.#p, toString" };
    const { body } = await send(at.region.endpoint, { action: "GetItem", input });
    expect(JSON.stringify(body)).toBe('{"Item":{"__proto__":{"M":{"__proto__":{"S":"in"}}}}}');
  });

  test("numbers have 38 digits, and sums are exact or refused", async () => {
    const most = "9".repeat(38);
    const add = (N: string): Promise<unknown> =>
      at.client.updateItem({
        TableName: "things",
        Key: key("digits"),
        UpdateExpression: "SET n = :most + :n",
        ExpressionAttributeValues: { ":most": { N: most }, ":n": { N } },
      });
    await add("1");
    expect(await get("digits")).toMatchObject({ n: { N: `1${"0".repeat(38)}` } });
    await expect(add("0.1")).rejects.toMatchObject({ message: expect.stringContaining("38 significant digits") });
    await expect(add("1e126")).rejects.toMatchObject({ message: expect.stringContaining("Number overflow") });
  });

  test("an item has at most 400 KB, names included", async () => {
    const put = (bytes: number): Promise<unknown> =>
      at.client.putItem({ TableName: "things", Item: { ...key("big"), v: { S: "x".repeat(bytes) } } });
    await put(400 * 1024 - "pkbigv".length);
    await expect(put(400 * 1024 - "pkbigv".length + 1)).rejects.toMatchObject({
      message: "Item size has exceeded the maximum allowed size",
    });
  });

  test.each([
    ["a missing range key", { pk: { S: "x" } }, "Missing the key sk in the item"],
    ["a key of another type", { pk: { S: "x" }, sk: { S: "1" } }, "Type mismatch for key sk expected: N actual: S"],
    ["an empty key", { pk: { S: "" }, sk: { N: "1" } }, "cannot contain an empty string value. Key: pk"],
    [
      "a key that is too long",
      { pk: { S: "x".repeat(2049) }, sk: { N: "1" } },
      "Size of hashkey has exceeded the maximum size limit",
    ],
    ["a value without a type", { pk: { S: "x" }, sk: { N: "1" }, v: {} }, "Supplied AttributeValue is empty"],
    ["an empty set", { pk: { S: "x" }, sk: { N: "1" }, v: { SS: [] } }, "An string set  may not be empty"],
    [
      "a set with duplicates",
      { pk: { S: "x" }, sk: { N: "1" }, v: { NS: ["1", "1.0"] } },
      "Input collection contains duplicates",
    ],
    [
      "a list of 32 levels",
      { pk: { S: "x" }, sk: { N: "1" }, v: nested(32) },
      "Nesting Levels have exceeded supported limits",
    ],
    ["no number", { pk: { S: "x" }, sk: { N: "one" } }, "cannot be converted to a numeric value: one"],
  ])("%s is refused", async (_, item, message) => {
    const Item = item as unknown as Record<string, { S: string }>;
    await expect(at.client.putItem({ TableName: "ranged", Item })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });

  test.each([
    ["a part of the key", { pk: { S: "x" } }],
    ["more than the key", { pk: { S: "x" }, sk: { N: "1" }, more: { S: "x" } }],
    ["a key of another type", { pk: { S: "x" }, sk: { S: "1" } }],
  ])("reading by %s is refused", async (_, Key) => {
    const read = at.client.getItem({ TableName: "ranged", Key: Key as unknown as Record<string, { S: string }> });
    await expect(read).rejects.toMatchObject({ message: "The provided key element does not match the schema" });
  });
});

describe("Consumed capacity (developer guide, DynamoDB throughput capacity)", () => {
  test("a write counts each kilobyte of the larger of the old and the new item, a read each four", async () => {
    const Item = { ...key("units"), v: { S: "x".repeat(5_000) } };
    const put = await at.client.putItem({ TableName: "things", Item, ReturnConsumedCapacity: "TOTAL" });
    const smaller = await at.client.putItem({
      TableName: "things",
      Item: key("units"),
      ReturnConsumedCapacity: "TOTAL",
    });
    const again = await at.client.putItem({ TableName: "things", Item, ReturnConsumedCapacity: "TOTAL" });
    const read = { TableName: "things", Key: key("units"), ReturnConsumedCapacity: "TOTAL" as const };
    const units = [
      put,
      smaller,
      again,
      await at.client.getItem(read),
      await at.client.getItem({ ...read, ConsistentRead: true }),
    ];
    expect(units.map((each) => each.ConsumedCapacity?.CapacityUnits)).toEqual([5, 5, 5, 1, 2]);
  });
});
