import { QUARANTINE_CONTRACT, sampleAudit, sampleFailure } from "@reliq/core/testing";
import { describe, expect, test } from "vitest";
import { failureTableClient } from "../../../test/failure-table.ts";
import { dynamodbFailureStore } from "../failure-store/failure-store.ts";
import { dynamodbQuarantine } from "./quarantine.ts";

describe("the quarantine in DynamoDB", () => {
  test.each(QUARANTINE_CONTRACT)("$behaviour", async ({ check }) => {
    const { client } = await failureTableClient();
    await check(dynamodbQuarantine(client, "failures"), { unique: "AAPL", nowMs: Date.now() });
  });

  test("counts what a queue's groups set aside in the totals of the queue", async () => {
    const { client } = await failureTableClient();
    const quarantine = dynamodbQuarantine(client, "failures");
    const store = dynamodbFailureStore(client, "failures");
    const queue = "trades.fifo";
    await store.commit({ failures: [{ before: undefined, after: sampleFailure({ queue }) }], audit: sampleAudit() });
    const counts = { setAside: 2, sent: 1, dropped: 0, letters: 0 };
    const places = { origin: "", last: "", through: "", sentThrough: "" };
    for (const group of ["AAPL", "MSFT", "GOOG"]) {
      const after = { queue, group, version: 1, phase: "held", release: 1, sinceMs: 1, ...places, ...counts } as const;
      expect(await quarantine.commit({ before: undefined, after })).toBe("committed");
    }
    const [totals] = await store.totals();
    expect(totals?.quarantine).toEqual({ setAside: 6, sent: 3, dropped: 0, letters: 0 });
  });
});
