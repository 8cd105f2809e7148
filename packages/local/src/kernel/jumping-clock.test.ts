import { setImmediate as turn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";
import { jumpingClock } from "./jumping-clock.ts";

test("it is the machine's time until it jumps, then ahead of it by as much", async () => {
  const clock = jumpingClock(systemClock());
  expect(clock.now() - Date.now()).toBeLessThanOrEqual(1);
  await clock.jump(60_000);
  await clock.jump(1_000);
  expect(clock.aheadMs()).toBe(61_000);
  expect(clock.now() - Date.now()).toBeGreaterThan(60_990);
  expect(jumpingClock(systemClock(), 5_000).now() - Date.now()).toBeGreaterThan(4_990);
});

test("timers fire as time passes, also those set after a jump", async () => {
  const clock = jumpingClock(systemClock(), 60_000);
  const fired: string[] = [];
  clock.at(clock.now() + 30, () => fired.push("second"));
  clock.at(clock.now() + 10, () => fired.push("first"));
  clock.at(clock.now() + 20, () => fired.push("never"))();
  clock.at(clock.now() - 5, () => fired.push("past"));
  expect(fired).toEqual([]);
  await vi.waitFor(() => expect(fired).toEqual(["past", "first", "second"]));
});

test("what a timer sets off in the same turn comes before the next timer", async () => {
  const clock = jumpingClock(systemClock());
  const seen: string[] = [];
  clock.at(clock.now() + 10_000, () => void turn().then(() => seen.push("effect")));
  clock.at(clock.now() + 20_000, () => seen.push("later"));
  await clock.jump(30_000);
  expect(seen).toEqual(["effect", "later"]);
});

test("a timer that throws takes no other with it", async () => {
  const clock = jumpingClock(systemClock());
  const later = vi.fn();
  clock.at(clock.now() + 10_000, () => {
    throw new Error("broken");
  });
  clock.at(clock.now() + 20_000, later);
  await expect(clock.jump(30_000)).rejects.toThrow("broken");
  await vi.waitFor(() => expect(later).toHaveBeenCalledOnce());
});
