import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { getTogether } from "./get-together.ts";

const keyOf = (name: string) => ({ pk: { S: name }, sk: { S: "order" } });

async function trial(...names: readonly string[]) {
  const { client, requests } = await tableClient();
  for (const name of names) {
    const Item = { ...keyOf(name), told: { S: name.toUpperCase() } };
    await client.send(new PutItemCommand({ TableName: "journal", Item }));
  }
  requests.length = 0;
  return { get: getTogether(client), requests };
}

test("items that are asked for at the same time cost one request, and each asker gets its own, or nothing", async () => {
  const { get, requests } = await trial("a", "b");
  const read = await Promise.all(["a", "b", "none", "a"].map((name) => get("journal", keyOf(name))));
  expect(read.map((item) => item?.["told"]?.S)).toEqual(["A", "B", undefined, "A"]);
  expect(requests).toEqual(["BatchGetItemCommand"]);
});

test("the order in which a key's attributes are named does not matter", async () => {
  const { get } = await trial("a");
  expect((await get("journal", { sk: { S: "order" }, pk: { S: "a" } }))?.["told"]).toEqual({ S: "A" });
});

test("a key that DynamoDB refuses is refused alone, and so is a table that is not there", async () => {
  const { get } = await trial("a");
  const [refused, read, absent] = await Promise.allSettled([
    get("journal", keyOf("")),
    get("journal", keyOf("a")),
    get("nowhere", keyOf("a")),
  ]);
  expect(refused).toMatchObject({ status: "rejected", reason: { name: "ValidationException" } });
  expect(read).toMatchObject({ status: "fulfilled", value: { told: { S: "A" } } });
  expect(absent).toMatchObject({ status: "rejected", reason: { name: "ResourceNotFoundException" } });
});

test("more than a request takes are read all the same", async () => {
  const { get, requests } = await trial("m-7");
  const read = await Promise.all(Array.from({ length: 150 }, (_, index) => get("journal", keyOf(`m-${index}`))));
  expect(read.flatMap((item, index) => (item ? [index] : []))).toEqual([7]);
  expect(requests).toHaveLength(2);
});
