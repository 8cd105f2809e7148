import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { createPace, type Pace } from "./pace.ts";

function needsMore(pace: Pace, waiting: number, environments: number, isBusy = false): boolean {
  return pace.needsMore(waiting, environments, pace.patienceMs(environments, isBusy));
}

test("until something is known, whoever waits needs an environment, and nobody waits for a warm one as long as there are less than cores", () => {
  const pace = createPace();
  expect(needsMore(pace, 1, 0)).toBe(true);
  expect(needsMore(pace, 1, 5)).toBe(true);
  expect(pace.patienceMs(0, false)).toBe(0);
  pace.started(300);
  pace.ran(400, true);
  expect(pace.patienceMs(availableParallelism() - 1, false)).toBe(0);
  expect(pace.patienceMs(availableParallelism(), false)).toBe(300);
});

test("short invocations are waited for, long ones are not", () => {
  const [short, long] = [createPace(), createPace()];
  for (const pace of [short, long]) pace.started(300);
  for (let run = 0; run < 20; run++) {
    short.ran(5, run === 0);
    long.ran(1_000, run === 0);
  }
  expect(needsMore(short, 50, 1)).toBe(false);
  expect(needsMore(short, 100, 1)).toBe(true);
  expect(needsMore(short, 100, 2)).toBe(false);
  expect(long.patienceMs(1, true)).toBe(0);
  expect(short.patienceMs(1, false)).toBe(300);
});

test("where the machine has no time left, short invocations wait longer for as many environments as it has cores", () => {
  const pace = createPace();
  pace.started(300);
  for (let run = 0; run < 20; run++) pace.ran(5, false);
  const cores = availableParallelism();
  expect(pace.patienceMs(cores, true)).toBe(2_000);
  expect(needsMore(pace, 300 * cores, cores, true)).toBe(false);
  expect(needsMore(pace, 500 * cores, cores, true)).toBe(true);
  if (cores > 1) expect(pace.patienceMs(1, true)).toBe(300);
});

test("the first invocation of an environment, which gets its code compiled, makes no function a long one", () => {
  const pace = createPace();
  pace.started(300);
  pace.ran(500, true);
  pace.ran(20, false);
  expect(pace.patienceMs(5, false)).toBe(300);
});

test("a function that gets slow is known to be within a few invocations", () => {
  const pace = createPace();
  pace.started(200);
  for (let run = 0; run < 1_000; run++) pace.ran(2, false);
  for (let run = 0; run < 5; run++) pace.ran(1_000, false);
  expect(needsMore(pace, 1, 1)).toBe(true);
});

test("however long starts take, nobody waits for a warm environment for more than two seconds", () => {
  const pace = createPace();
  pace.started(60_000);
  pace.ran(1, true);
  expect(pace.patienceMs(1, false)).toBe(2_000);
});
