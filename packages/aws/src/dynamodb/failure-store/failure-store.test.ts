import { FAILURE_STORE_CONTRACT } from "@reliq/core/testing";
import { describe, test } from "vitest";
import { failureTableClient } from "../../../test/failure-table.ts";
import { dynamodbFailureStore } from "./failure-store.ts";

describe("the failure store in DynamoDB", () => {
  test.each(FAILURE_STORE_CONTRACT)("$behaviour", async ({ check }) => {
    const { client } = await failureTableClient();
    const nowMs = Date.now();
    await check(dynamodbFailureStore(client, "failures", { now: () => nowMs }), { unique: "orders", nowMs });
  });
});
