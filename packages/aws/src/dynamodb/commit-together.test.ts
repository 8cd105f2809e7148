import { type DynamoDBClient, GetItemCommand, type TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Commit } from "@reliq/core";
import { sampleClaim } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { dynamodbJournal } from "./journal.ts";

type Journal = ReturnType<typeof dynamodbJournal>;

const NOW_MS = Date.UTC(2026, 0, 31);

/** Counts an effect: twice would show. */
function increment(name: string): TransactWriteItem {
  return {
    Update: {
      TableName: "journal",
      Key: { pk: { S: name }, sk: { S: "effect" } },
      UpdateExpression: "ADD runs :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    },
  };
}

function inGroup(group: string, sequence: number, ...writes: readonly unknown[]): Commit {
  const sequenceNumber = String(sequence).padStart(20, "0");
  return { writes: [increment(group), ...writes], once: { by: "sequence", group, sequenceNumber } };
}

const GROUPS = Array.from({ length: 10 }, (_, index) => `g-${index}`);

function commitAll(journal: Journal, commits: readonly Commit[]): Promise<readonly PromiseSettledResult<string>[]> {
  return Promise.allSettled(commits.map((commit) => journal.commit(commit)));
}

function outcomes(settled: readonly PromiseSettledResult<string>[]): readonly string[] {
  return settled.map((each) => (each.status === "fulfilled" ? each.value : "failed"));
}

async function runs(client: DynamoDBClient, names: readonly string[]): Promise<readonly number[]> {
  const counts = names.map(async (name) => {
    const Key = { pk: { S: name }, sk: { S: "effect" } };
    const { Item } = await client.send(new GetItemCommand({ TableName: "journal", Key, ConsistentRead: true }));
    return Number(Item?.["runs"]?.N ?? 0);
  });
  return Promise.all(counts);
}

test("effects that are ready together cost one request", async () => {
  const { client, requests } = await tableClient();
  const settled = await commitAll(
    dynamodbJournal(client, "journal"),
    GROUPS.map((group) => inGroup(group, 1)),
  );
  expect(outcomes(settled)).toEqual(Array(10).fill("done"));
  expect(requests).toEqual(["TransactWriteItemsCommand"]);
  expect(await runs(client, GROUPS)).toEqual(Array(10).fill(1));
});

test("one that was there already is refused, and the others are done", async () => {
  const { client, requests } = await tableClient();
  const journal = dynamodbJournal(client, "journal");
  await journal.commit(inGroup("g-3", 1));
  requests.length = 0;
  const settled = await commitAll(
    journal,
    GROUPS.map((group) => inGroup(group, 1)),
  );
  expect(outcomes(settled)).toEqual(GROUPS.map((group) => (group === "g-3" ? "refused" : "done")));
  expect(requests).toHaveLength(3);
  expect(await runs(client, GROUPS)).toEqual(Array(10).fill(1));
});

test("a write that fails its condition, or is none, fails its own message only", async () => {
  const { client } = await tableClient();
  const Key = { pk: { S: "stock" }, sk: { S: "stock" } };
  const check = { ConditionCheck: { TableName: "journal", Key, ConditionExpression: "attribute_exists(pk)" } };
  const bad: Readonly<Record<string, readonly unknown[]>> = {
    "g-1": [check],
    "g-4": [{ Put: { TableName: "journal" } }],
    "g-7": [{ Put: { TableName: "no-such-table", Item: { pk: { S: "a" }, sk: { S: "a" } } } }],
  };
  const settled = await commitAll(
    dynamodbJournal(client, "journal"),
    GROUPS.map((group) => inGroup(group, 1, ...(bad[group] ?? []))),
  );
  const isBad = (group: string): boolean => Object.hasOwn(bad, group);
  expect(outcomes(settled)).toEqual(GROUPS.map((group) => (isBad(group) ? "failed" : "done")));
  expect(settled[1]).toMatchObject({ reason: { message: expect.stringContaining("writes[1] (ConditionCheck") } });
  expect(await runs(client, GROUPS)).toEqual(GROUPS.map((group) => (isBad(group) ? 0 : 1)));
});

test("effects on one item are each there", async () => {
  const { client } = await tableClient();
  const total = increment("total");
  const put = { Put: { TableName: "journal", Item: { pk: { S: "last" }, sk: { S: "last" } } } };
  const settled = await commitAll(
    dynamodbJournal(client, "journal"),
    GROUPS.map((group, index) => inGroup(group, 1, index < 5 ? total : put)),
  );
  expect(outcomes(settled)).toEqual(Array(10).fill("done"));
  expect(await runs(client, [...GROUPS, "total"])).toEqual([...Array(10).fill(1), 5]);
});

test("effects whose shared answer was lost are there once, and none is lost", async () => {
  const { client } = await tableClient();
  let left = 4;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (left-- > 0) throw Object.assign(new Error("no"), { name: "TimeoutError" });
      return answer;
    },
    { step: "deserialize" },
  );
  const claims = GROUPS.map(
    (key): Commit => ({ writes: [increment(key)], once: { by: "claim", claim: sampleClaim(key, NOW_MS) } }),
  );
  const settled = await commitAll(dynamodbJournal(client, "journal"), claims);
  expect(outcomes(settled)).not.toContain("failed");
  expect(await runs(client, GROUPS)).toEqual(Array(10).fill(1));
});
