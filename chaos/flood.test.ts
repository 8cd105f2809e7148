import { expect, test } from "vitest";
import { chaosFlood } from "./flood.ts";

test("a flood of equal failures is one group, disarmed after its budget, and one alert with a count", async () => {
  const { states, violations } = await chaosFlood({ messages: 60, alertWindowSeconds: 25, progress: () => {} });
  expect(violations).toEqual([]);
  expect(states["held"]).toBe(60);
}, 240_000);
