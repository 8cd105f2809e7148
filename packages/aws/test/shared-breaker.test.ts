import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Deferral } from "@reliq/core";
import { expect, test, vi } from "vitest";
import { type Downstream, downstream } from "../src/downstream/index.ts";
import { dynamodbBreakers } from "../src/index.ts";
import { tableClient } from "./journal-table.ts";

const refuse = (): Promise<never> => Promise.reject(Object.assign(new Error("no route"), { code: "ECONNREFUSED" }));
const fine = async (): Promise<string> => "ok";

/** An instance of a consumer that asks the others before nearly every call. */
function instance(client: DynamoDBClient, changes: string[] = [], openSeconds = 1): Downstream {
  const sharedBy = dynamodbBreakers(client, "journal");
  return downstream("payments", {
    breaker: { consecutiveFailures: 2, openSeconds, sharedBy, askSeconds: 0.01 },
    onChange: ({ state }) => changes.push(state),
  });
}

async function fail(payments: Downstream, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await expect(payments.call(refuse)).rejects.toThrow("payments failed once");
}

test("an instance defers its calls when another one's breaker has opened, and lets one through when the time is over", async () => {
  const { client } = await tableClient();
  const changes: string[] = [];
  const [first, second] = [instance(client), instance(client, changes)];
  expect(await second.call(fine)).toBe("ok");
  await fail(first, 2);
  await vi.waitFor(() => expect(second.state()).toBe("open"), 10_000);
  const refused = await second.call(fine).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Deferral);
  expect(refused).toMatchObject({ message: "The breaker of payments is open.", retryAfterSeconds: 1 });
  await vi.waitFor(() => expect(second.state()).toBe("half-open"), 10_000);
  const [trial, beside] = await Promise.allSettled([second.call(fine), second.call(fine)]);
  expect(trial).toMatchObject({ status: "fulfilled", value: "ok" });
  // Until the trial is over for certain: each time that it comes back in vain costs a message a receive.
  expect(beside).toMatchObject({ status: "rejected", reason: { name: "Deferral", retryAfterSeconds: 2 } });
  expect(second.state()).toBe("closed");
  expect(changes).toEqual(["open", "closed"]);
});

test("a trial that fails opens it for all again, though this instance had failed once only", async () => {
  const { client } = await tableClient();
  const [first, second] = [instance(client), instance(client)];
  await fail(first, 2);
  await vi.waitFor(() => expect(second.state()).toBe("open"), 10_000);
  await vi.waitFor(() => expect(second.state()).toBe("half-open"), 10_000);
  await fail(second, 1);
  expect(second.state()).toBe("open");
  await vi.waitFor(() => expect(first.state()).toBe("open"), 10_000);
});

test("a later end stays where instances open one after the other", async () => {
  const { client } = await tableClient();
  const board = dynamodbBreakers(client, "journal");
  expect(await board.openUntilMs("payments")).toBe(0);
  await Promise.all([3_000, 1_000, 2_000].map((untilMs) => board.opened("payments", untilMs)));
  expect(await board.openUntilMs("payments")).toBe(3_000);
  await board.opened("payments", 2_500);
  expect(await board.openUntilMs("payments")).toBe(3_000);
});

test("a table that is not there leaves each instance to its own breaker", async () => {
  const { client } = await tableClient();
  const sharedBy = dynamodbBreakers(client, "no-such-table");
  const payments = downstream("payments", { breaker: { consecutiveFailures: 2, openSeconds: 30, sharedBy } });
  expect(await payments.call(fine)).toBe("ok");
  await fail(payments, 2);
  expect(payments.state()).toBe("open");
});

test.each([
  [{ askSeconds: 5 }, "`askSeconds` says how often `sharedBy` is asked"],
  [{ sharedBy: {} as never }, "dynamodbBreakers(client, tableName)"],
])("breaker options %o are refused", (breaker, why) => {
  expect(() => downstream("payments", { breaker })).toThrow(why);
});
