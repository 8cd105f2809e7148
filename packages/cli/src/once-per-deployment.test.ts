import { expect, test } from "vitest";
import { oncePerDeployment } from "./once-per-deployment.ts";

const stack = (deployedAt: string) => ({
  name: "Shop",
  status: "UPDATE_COMPLETE",
  deployedAt,
  resources: 2,
  outputs: {},
});

test("what only a deployment changes is read once after each, and again where that failed", async () => {
  let reads = 0;
  const read = oncePerDeployment(async () => {
    reads += 1;
    if (reads === 2) throw new Error("the region is restarting");
    return reads;
  });
  expect([await read([stack("1")]), await read([stack("1")])]).toEqual([1, 1]);
  await expect(read([stack("2")])).rejects.toThrow("restarting");
  expect(await read([stack("2")])).toBe(3);
  expect(await read([])).toBe(4);
});
