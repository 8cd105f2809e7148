import fc from "fast-check";
import { expect, test } from "vitest";
import { account, type QueueCounts, sumCounts } from "./account.ts";

type Counts = { -readonly [Name in keyof QueueCounts]: number };

interface Queues {
  readonly queue: Counts;
  readonly dead: Counts;
}

const EMPTY: QueueCounts = sumCounts([]);

/** What can happen to one message: where it goes, and what is counted on the way. */
const STEPS = {
  accept: ({ queue }) => count(queue, "accepted", "waiting"),
  receive: ({ queue }) => take(queue, "waiting") && count(queue, "inFlight"),
  delete: ({ queue }) => take(queue, "inFlight") && count(queue, "deleted"),
  "move to the dead-letter queue": ({ queue, dead }) =>
    take(queue, "inFlight") && count(queue, "movedOut") && count(dead, "movedIn", "waiting"),
  "fail fast": ({ queue, dead }) =>
    take(queue, "inFlight") && count(queue, "deleted") && count(dead, "accepted", "waiting"),
  redrive: ({ queue, dead }) => take(dead, "waiting") && count(dead, "movedOut") && count(queue, "movedIn", "waiting"),
  "move elsewhere": ({ dead }) => take(dead, "waiting") && count(dead, "movedOut"),
  "delete by a person": ({ dead }) => take(dead, "waiting") && count(dead, "deleted"),
  purge: ({ queue }) => take(queue, "waiting") && count(queue, "purged"),
  expire: ({ dead }) => take(dead, "waiting") && count(dead, "expired"),
  "lose from the queue": ({ queue }) => take(queue, "waiting"),
  "lose from the dead-letter queue": ({ dead }) => take(dead, "waiting"),
  "make twice": ({ queue }) => count(queue, "waiting"),
} as const satisfies Record<string, (queues: Queues) => boolean>;

const WRONG: readonly (keyof typeof STEPS)[] = ["lose from the queue", "lose from the dead-letter queue", "make twice"];

function count(counts: Counts, ...names: (keyof Counts)[]): true {
  for (const name of names) counts[name]++;
  return true;
}

function take(counts: Counts, name: keyof Counts): boolean {
  if (counts[name] > 0) counts[name]--;
  else return false;
  return true;
}

/** A queue and its dead-letter queue after some steps, with how many messages were lost, less those made twice. */
function live(steps: readonly (keyof typeof STEPS)[]): Queues & { readonly lost: number } {
  const queues = { queue: { ...EMPTY }, dead: { ...EMPTY } };
  let lost = 0;
  for (const step of steps) {
    if (STEPS[step](queues) && WRONG.includes(step)) lost += step === "make twice" ? -1 : 1;
  }
  return { ...queues, lost };
}

const names = Object.keys(STEPS) as (keyof typeof STEPS)[];
const right = names.filter((name) => !WRONG.includes(name));

test("an account balances, and no place is negative, where nothing is lost and nothing doubled", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...right), { size: "large" }), (steps) => {
      const { queue, dead } = live(steps);
      const { difference, ...places } = account(queue, dead);
      expect(difference).toBe(0);
      expect(Math.min(...Object.values(places))).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("the difference is what was lost, less what was doubled", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...names), { size: "large" }), (steps) => {
      const { queue, dead, lost } = live(steps);
      expect(account(queue, dead).difference).toBe(lost);
    }),
  );
});

test("queues that share a dead-letter queue balance together", () => {
  const first = { ...EMPTY, accepted: 3, deleted: 2, movedOut: 1 };
  const second = { ...EMPTY, accepted: 4, deleted: 2, delayed: 1, movedOut: 1 };
  const dead = { ...EMPTY, movedIn: 2, waiting: 1, inFlight: 1 };
  expect(account(sumCounts([first, second]), dead)).toEqual({
    accepted: 7,
    processed: 4,
    waiting: 1,
    inFlight: 0,
    deadLettered: 2,
    discarded: 0,
    expired: 0,
    movedAway: 0,
    difference: 0,
  });
});

test("a queue without a dead-letter queue shows what left it", () => {
  expect(account({ ...EMPTY, accepted: 2, deleted: 1, movedOut: 1 })).toMatchObject({
    processed: 1,
    movedAway: 1,
    difference: 0,
  });
});
