import { describe, test } from "vitest";
import { FAILURE_STORE_CONTRACT, memoryFailureStore } from "./index.ts";

describe("the failure store in memory", () => {
  test.each(FAILURE_STORE_CONTRACT)("$behaviour", ({ check }) => {
    const nowMs = Date.now();
    return check(memoryFailureStore({ now: () => nowMs }), { unique: "orders", nowMs });
  });
});
