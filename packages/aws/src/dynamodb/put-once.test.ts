import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { putOnce } from "./put-once.ts";

const keyOf = (name: string) => ({ pk: { S: name }, sk: { S: "order" } });
const itemOf = (name: string, by = "first") => ({ ...keyOf(name), by: { S: by } });

const NAMES = Array.from({ length: 10 }, (_, index) => `o-${index}`);

test("items that are put at the same time cost one request, and each is told whether it was there", async () => {
  const { client, requests } = await tableClient();
  const put = putOnce(client, "journal");
  expect(await put(itemOf("o-3"))).toBe("put");
  requests.length = 0;
  const ends = await Promise.all(NAMES.map((name) => put(itemOf(name, "second"))));
  expect(ends).toEqual(NAMES.map((name) => (name === "o-3" ? "there" : "put")));
  expect(requests).toEqual(["BatchExecuteStatementCommand"]);
  const { Item } = await client.send(new GetItemCommand({ TableName: "journal", Key: keyOf("o-3") }));
  expect(Item?.["by"]).toEqual({ S: "first" });
});

test("of two with one key one is put, and others that were put with them are, too", async () => {
  const { client } = await tableClient();
  const put = putOnce(client, "journal");
  const ends = await Promise.all(["a", "b", "a"].map((name) => put(itemOf(name))));
  expect(ends.toSorted()).toEqual(["put", "put", "there"]);
  expect(ends[1]).toBe("put");
});

test("an item that DynamoDB refuses is refused alone, with its reason", async () => {
  const { client } = await tableClient();
  const put = putOnce(client, "journal");
  const bad = { pk: { S: "" }, sk: { S: "order" } };
  const [refused, taken] = await Promise.allSettled([put(bad), put(itemOf("c"))]);
  expect(taken).toEqual({ status: "fulfilled", value: "put" });
  expect(refused).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("empty string") } });
});

test("more than a request takes are put all the same", async () => {
  const { client, requests } = await tableClient();
  const put = putOnce(client, "journal");
  const many = Array.from({ length: 60 }, (_, index) => put(itemOf(`m-${index}`)));
  expect(await Promise.all(many)).toEqual(Array(60).fill("put"));
  expect(requests).toHaveLength(3);
});
