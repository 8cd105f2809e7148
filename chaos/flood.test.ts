import { expect, test } from "vitest";
import { chaosFlood } from "./flood.ts";

test("a flood of equal failures is one group, whose healing is disarmed, and one alert from its begin to its all-clear", async () => {
  const { violations, states, groups } = await chaosFlood({
    messages: 300,
    alertWindowSeconds: 15,
    visibilitySeconds: 10,
    progress: () => {},
  });
  expect(violations).toEqual([]);
  expect(states).toMatchObject({ held: 300 });
  expect(groups).toHaveLength(1);
}, 300_000);
