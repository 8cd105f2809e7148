import { expect, test } from "vitest";
import { chaosFailover } from "./failover.ts";

test("what either region acknowledged is done once, though the active one is killed under load and comes back late", async () => {
  const found = await chaosFailover({ orders: 40, seed: 3, acknowledge: "both", progress: () => {} });
  expect(found.violations).toEqual([]);
  expect(found.acknowledged).toBe(40);
  expect(found.failoverSeconds).toBeLessThan(60);
}, 900_000);

test("where one region acknowledges alone, what it took with it is done once when it comes back, and its stock is counted", async () => {
  const found = await chaosFailover({ orders: 120, seed: 11, acknowledge: "one", progress: () => {} });
  expect(found.violations).toEqual([]);
  expect(found.acknowledged).toBe(120);
  expect(found.cameLate).toBeGreaterThan(0);
}, 900_000);
