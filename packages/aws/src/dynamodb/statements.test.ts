import type {
  BatchExecuteStatementCommandInput,
  BatchExecuteStatementCommandOutput,
  BatchStatementErrorCodeEnum,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { sampleClaim, sampleEntry } from "@reliq/core/testing";
import { describe, expect, test } from "vitest";
import { tableClient } from "../../test/journal-table.ts";
import { dynamodbJournal } from "./journal.ts";

const nowMs = Date.UTC(2026, 0, 31);

/** Lets a client's statements about `marked` items fail so many times, each alone; the others reach the service. */
function failMarked(client: DynamoDBClient, code: BatchStatementErrorCodeEnum, times: number): void {
  let left = times;
  client.middlewareStack.add(
    (next) => async (args) => {
      const input = args.input as BatchExecuteStatementCommandInput;
      if (left-- <= 0) return next(args);
      const isMarked = (statement: unknown): boolean => JSON.stringify(statement).includes("marked");
      const sent = (input.Statements ?? []).filter((each) => !isMarked(each));
      const reached = sent.length > 0 ? await next({ ...args, input: { ...input, Statements: sent } }) : undefined;
      const responses = [...((reached?.output as BatchExecuteStatementCommandOutput)?.Responses ?? [])];
      const Responses = (input.Statements ?? []).map((each) =>
        isMarked(each) ? { Error: { Code: code, Message: "not now" } } : responses.shift(),
      );
      return { response: undefined, output: { $metadata: {}, Responses } as never };
    },
    { step: "initialize" },
  );
}

const batch = ["k-1", "marked", "k-2"].map((key) => sampleClaim(key, nowMs));

describe("a statement that the service could not carry out", () => {
  test.each<BatchStatementErrorCodeEnum>([
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingError",
    "TransactionConflict",
  ])("is tried again alone (%s)", async (code) => {
    const { client, requests } = await tableClient();
    failMarked(client, code, 2);
    expect(await dynamodbJournal(client, "journal").claim(batch)).toEqual([true, true, true]);
    expect(requests).toHaveLength(2);
  });

  test("fails the claims after five tries, with the service's reason", async () => {
    const { client } = await tableClient();
    failMarked(client, "ThrottlingError", 5);
    await expect(dynamodbJournal(client, "journal").claim(batch)).rejects.toMatchObject({
      code: "statement-failed",
      retryable: true,
      message: "DynamoDB: ThrottlingError: not now",
    });
  });

  test("leaves its settlement unavailable, and none of the others", async () => {
    const { client } = await tableClient();
    const journal = dynamodbJournal(client, "journal");
    await journal.claim(batch);
    failMarked(client, "InternalServerError", 5);
    const settled = await journal.settle([
      ...batch.map((claim) => ({ kind: "complete", claim }) as const),
      { kind: "journal", entry: sampleEntry() },
    ]);
    expect(settled.map(({ kind }) => kind)).toEqual(["done", "unavailable", "done", "done"]);
  });

  test("is not tried again where that cannot help", async () => {
    const { client, requests } = await tableClient();
    failMarked(client, "AccessDenied", 1);
    await expect(dynamodbJournal(client, "journal").claim(batch)).rejects.toMatchObject({ retryable: false });
    expect(requests).toHaveLength(1);
  });
});

test("an entry whose first answer was lost counts as written", async () => {
  const { client } = await tableClient();
  let lost = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      if (lost++ === 0) throw Object.assign(new Error("lost"), { name: "TimeoutError" });
      return answer;
    },
    { step: "deserialize" },
  );
  const journal = dynamodbJournal(client, "journal");
  expect(await journal.settle([{ kind: "journal", entry: sampleEntry() }])).toEqual([{ kind: "done" }]);
  expect(lost).toBe(2);
});
