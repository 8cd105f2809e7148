import { expect, test } from "vitest";
import { chaosOrders } from "./orders.ts";

test("orders of every group are what one worker without faults leaves behind, though processes and the region are killed and poison is among them", async () => {
  const { violations, kills } = await chaosOrders({ messages: 200, seed: 7, progress: () => {} });
  expect(violations).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(5);
}, 300_000);
