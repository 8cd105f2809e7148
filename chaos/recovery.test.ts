import { expect, test } from "vitest";
import { chaosRecovery } from "./recovery.ts";

test("recovery processes that are killed at random lose no failure, double no effect, and leave whole audit chains", async () => {
  const { failures, violations, auditVerified } = await chaosRecovery({ kills: 3, seed: 11, progress: () => {} });
  expect(violations).toEqual([]);
  expect(auditVerified).toBe(true);
  expect(failures).toBeGreaterThan(0);
}, 180_000);
