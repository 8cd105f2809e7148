import { expect, test } from "vitest";
import { createPace } from "./pace.ts";

test("until something is known, whoever waits needs an environment, and nobody waits for a warm one", () => {
  const pace = createPace();
  expect(pace.needsMore(1, 0)).toBe(true);
  expect(pace.needsMore(1, 5)).toBe(true);
  expect(pace.patienceMs()).toBe(0);
});

test("short invocations are waited for, long ones are not", () => {
  const [short, long] = [createPace(), createPace()];
  for (const pace of [short, long]) pace.started(300);
  for (let run = 0; run < 20; run++) {
    short.ran(5);
    long.ran(1_000);
  }
  expect(short.needsMore(50, 1)).toBe(false);
  expect(short.needsMore(100, 1)).toBe(true);
  expect(short.needsMore(100, 2)).toBe(false);
  expect(long.patienceMs()).toBe(0);
  expect(short.patienceMs()).toBe(300);
});

test("a function that gets slow is known to be within a few invocations", () => {
  const pace = createPace();
  pace.started(200);
  for (let run = 0; run < 1_000; run++) pace.ran(2);
  for (let run = 0; run < 5; run++) pace.ran(1_000);
  expect(pace.needsMore(1, 1)).toBe(true);
});

test("however long starts take, nobody waits for a warm environment for more than two seconds", () => {
  const pace = createPace();
  pace.started(60_000);
  pace.ran(1);
  expect(pace.patienceMs()).toBe(2_000);
});
