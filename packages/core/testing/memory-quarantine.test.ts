import { test } from "vitest";
import { memoryQuarantine } from "./memory-quarantine.ts";
import { QUARANTINE_CONTRACT } from "./quarantine-contract.ts";

test.each(QUARANTINE_CONTRACT)("the quarantine in memory $behaviour", async ({ check }) => {
  await check(memoryQuarantine(), { unique: "AAPL", nowMs: Date.UTC(2026, 1, 1) });
});
