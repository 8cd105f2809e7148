import { expect, test } from "vitest";
import { createIntake, type Intake } from "./intake.ts";

const going = new AbortController().signal;

/** How many receives could start now. */
async function open(intake: Intake): Promise<number> {
  let count = 0;
  for (let place = 0; place < intake.places; place++) void intake.room(place).then(() => count++);
  await new Promise(setImmediate);
  return count;
}

/** Full receives whose messages all start at once. */
function drain(intake: Intake, receives: number): void {
  for (let receive = 0; receive < receives; receive++) {
    intake.received(10);
    intake.started(10);
  }
}

test("each ten full receives in a row that find handlers without work open one more, up to eight at once", async () => {
  const intake = createIntake(1, 10, { free: () => 10 }, going);
  const opened = [await open(intake)];
  for (let times = 0; times < 8; times++) {
    drain(intake, 10);
    opened.push(await open(intake));
  }
  expect(opened).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 8]);
});

test("a receive that is not full closes all but the pollers", async () => {
  const intake = createIntake(2, 20, { free: () => 20 }, going);
  drain(intake, 40);
  expect(await open(intake)).toBe(6);
  intake.received(9);
  intake.started(9);
  expect(await open(intake)).toBe(2);
});

test("nothing is received while as many messages wait as there are handlers, and then only by the pollers", async () => {
  let free = 10;
  const intake = createIntake(1, 10, { free: () => free }, going);
  drain(intake, 30);
  free = 0;
  intake.received(10);
  expect(await open(intake)).toBe(0);
  intake.started(1);
  expect(await open(intake)).toBe(1);
});

test("handlers that are never out of work need nothing ahead", async () => {
  const intake = createIntake(1, 10, { free: () => 0 }, going);
  for (let receive = 0; receive < 50; receive++) {
    intake.received(10);
    intake.received(0);
    intake.started(10);
  }
  expect(await open(intake)).toBe(1);
});

test("more than eight pollers all receive", async () => {
  expect(await open(createIntake(16, 160, { free: () => 160 }, going))).toBe(16);
});

test("who waits for room goes on when the worker ends", async () => {
  const stop = new AbortController();
  const waited = createIntake(1, 10, { free: () => 10 }, stop.signal).room(5);
  stop.abort();
  await waited;
});
