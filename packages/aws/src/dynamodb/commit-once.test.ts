import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Commit } from "@reliq/core";
import { sampleClaim } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { dynamodbJournal } from "./journal.ts";

const once: Commit["once"] = { by: "claim", claim: sampleClaim("k", Date.UTC(2026, 0, 31)) };

/** Counts an effect: twice would show. */
const increment: TransactWriteItem = {
  Update: {
    TableName: "journal",
    Key: { pk: { S: "effect" }, sk: { S: "effect" } },
    UpdateExpression: "ADD runs :one",
    ExpressionAttributeValues: { ":one": { N: "1" } },
  },
};

async function runs(client: DynamoDBClient): Promise<string | undefined> {
  const Key = { pk: { S: "effect" }, sk: { S: "effect" } };
  return (await client.send(new GetItemCommand({ TableName: "journal", Key }))).Item?.["runs"]?.N;
}

/** Answers the first `times` transactions with an error, before or after they reached the service. */
function fail(client: DynamoDBClient, times: number, when: "after" | "before", error: object): void {
  let left = times;
  client.middlewareStack.add(
    (next) => async (args) => {
      if (left-- <= 0) return next(args);
      if (when === "after") await next(args);
      throw Object.assign(new Error("no"), error);
    },
    { step: "deserialize" },
  );
}

function cancelled(...codes: readonly string[]): object {
  return { name: "TransactionCanceledException", CancellationReasons: codes.map((Code) => ({ Code, Message: Code })) };
}

test("an effect whose answer was lost is done, and there once", async () => {
  const { client, requests } = await tableClient();
  fail(client, 1, "after", { name: "TimeoutError" });
  expect(await dynamodbJournal(client, "journal").commit({ writes: [increment], once })).toBe("done");
  expect(requests).toEqual(Array(2).fill("TransactWriteItemsCommand"));
  expect(await runs(client)).toBe("1");
});

test("many that commit one claim at once have its effect once", async () => {
  const { client } = await tableClient();
  const journal = dynamodbJournal(client, "journal");
  const commits = Array.from({ length: 10 }, () => journal.commit({ writes: [increment], once }));
  expect((await Promise.all(commits)).filter((each) => each === "done")).toHaveLength(1);
  expect(await runs(client)).toBe("1");
});

test.each([cancelled("TransactionConflict", "None"), cancelled("None", "ThrottlingError")])(
  "what may pass is tried again (%j)",
  async (error) => {
    const { client } = await tableClient();
    fail(client, 4, "before", error);
    expect(await dynamodbJournal(client, "journal").commit({ writes: [increment], once })).toBe("done");
    expect(await runs(client)).toBe("1");
  },
);

test("a conflict that stays is an error that says that nothing was written", async () => {
  const { client } = await tableClient();
  fail(client, 5, "before", cancelled("TransactionConflict", "None"));
  await expect(dynamodbJournal(client, "journal").commit({ writes: [increment], once })).rejects.toMatchObject({
    code: "commit-cancelled",
    retryable: true,
    message:
      "DynamoDB cancelled the effect's transaction, and nothing was written. Reliq's own write: TransactionConflict: TransactionConflict",
  });
  expect(await runs(client)).toBeUndefined();
});

test("a handler's own write that is refused is named with its reason, and the claim stays free", async () => {
  const { client } = await tableClient();
  const journal = dynamodbJournal(client, "journal");
  const Key = { pk: { S: "stock" }, sk: { S: "stock" } };
  const check = { ConditionCheck: { TableName: "journal", Key, ConditionExpression: "attribute_exists(pk)" } };
  await expect(journal.commit({ writes: [increment, check], once })).rejects.toMatchObject({
    code: "commit-cancelled",
    retryable: false,
    message:
      "DynamoDB cancelled the effect's transaction, and nothing was written. writes[1] (ConditionCheck in journal): ConditionalCheckFailed: The conditional request failed",
  });
  expect(await journal.commit({ writes: [increment], once })).toBe("done");
});

test("writes that are none are refused by the service's own words", async () => {
  const { client } = await tableClient();
  const commit = dynamodbJournal(client, "journal").commit({ writes: [{ Put: { TableName: "journal" } }], once });
  await expect(commit).rejects.toMatchObject({ name: expect.stringContaining("Exception") });
});
