import { expect, test } from "vitest";
import { watchMachine } from "./machine-load.ts";

test("a machine is busy while less than a whole core is idle, looked at over 200 ms at least", () => {
  let [idle, all, nowMs] = [0, 0, 0];
  const isBusy = watchMachine(
    () => ({ idle, all, cores: 2 }),
    () => nowMs,
  );
  const pass = (ms: number, idleMs: number): boolean => {
    nowMs += ms;
    all += 2 * ms;
    idle += idleMs;
    return isBusy();
  };
  expect(pass(1_000, 2_000)).toBe(false);
  expect(pass(100, 0)).toBe(false);
  expect(pass(100, 190)).toBe(true);
  expect(pass(100, 200)).toBe(true);
  expect(pass(100, 100)).toBe(false);
});

test("the machine that this runs on can be looked at", () => {
  let nowMs = 0;
  const isBusy = watchMachine(undefined, () => nowMs);
  nowMs = 1_000;
  expect(isBusy()).toBeTypeOf("boolean");
});
