import fc from "fast-check";
import { expect, test } from "vitest";
import type { FailureState } from "../failure/failed-message.ts";
import { noTotals } from "../failure/queue-totals.ts";
import { type QueueCounts, sumCounts } from "./account.ts";
import { accountWithStore, whatIsWrong } from "./account-with-store.ts";

type Counts = { -readonly [Name in keyof QueueCounts]: number };

interface World {
  readonly queue: Counts;
  readonly dead: Counts;
  readonly states: Record<FailureState, number>;
  deaths: number;
  sends: number;
  /** Distinct messages that producers sent, and those deleted from the dead-letter queue by hand. */
  produced: number;
  byHand: number;
}

const move = (world: World, from: FailureState, to: FailureState): boolean => {
  if (world.states[from] === 0) return false;
  world.states[from]--;
  world.states[to]++;
  return true;
};

const take = (counts: Counts, name: keyof Counts): boolean => counts[name] > 0 && counts[name]-- > 0;

const sendAgain = (world: World, from: FailureState): void => {
  if (!move(world, from, "requeued")) return;
  world.sends++;
  world.queue.accepted++;
  world.queue.waiting++;
};

const capture = (world: World, to: FailureState): void => {
  if (!take(world.dead, "waiting")) return;
  world.dead.deleted++;
  world.deaths++;
  // A requeued message that died again is the same record.
  if (!move(world, "requeued", to)) world.states[to]++;
};

const STEPS: Readonly<Record<string, (world: World) => void>> = {
  accept: (world) => {
    world.produced++;
    world.queue.accepted++;
    world.queue.waiting++;
  },
  process: ({ queue }) => void (take(queue, "waiting") && queue.deleted++),
  die: ({ queue, dead }) => {
    if (!take(queue, "waiting")) return;
    queue.movedOut++;
    dead.movedIn++;
    dead.waiting++;
  },
  "capture to held": (world) => capture(world, "held"),
  "capture to healing": (world) => capture(world, "healing"),
  "capture to the archive": (world) => capture(world, "archived"),
  heal: (world) => sendAgain(world, "healing"),
  redrive: (world) => sendAgain(world, "held"),
  replay: (world) => sendAgain(world, "archived"),
  discard: (world) => void move(world, "held", "discarded"),
  "delete by hand": (world) => {
    if (!take(world.dead, "waiting")) return;
    world.dead.deleted++;
    world.byHand++;
  },
};

function live(steps: readonly string[]): World {
  const empty = sumCounts([]);
  const states = { ...noTotals("orders").states };
  const world = { queue: { ...empty }, dead: { ...empty }, states, deaths: 0, sends: 0, produced: 0, byHand: 0 };
  for (const step of steps) STEPS[step]?.(world);
  return world;
}

const anySteps = fc.array(fc.constantFrom(...Object.keys(STEPS)), { size: "large" });

test("what Reliq captured, sent again, archived and discarded is accepted once, and in one place", () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      const { queue, dead, states, deaths, sends, produced, byHand } = live(steps);
      const balance = accountWithStore(queue, dead, [{ queue: "orders", states, deaths, sends }]);
      expect(whatIsWrong(balance)).toBeUndefined();
      const { held, healing, archived, discarded: given } = states;
      expect(balance).toMatchObject({ accepted: produced, held, healing, archived, deletedByHand: byHand });
      expect(balance.discarded).toBe(given);
      const { accepted, difference, ...places } = balance;
      expect(Object.values(places).reduce((sum, count) => sum + count, difference)).toBe(accepted);
    }),
  );
});

test("a message that vanished from its queue, and a record without a death, do not balance", () => {
  const { queue, dead, states, deaths, sends } = live(["accept", "accept", "die", "capture to held"]);
  const totals = { queue: "orders", states, deaths, sends };
  expect(whatIsWrong(accountWithStore({ ...queue, waiting: 0 }, dead, [totals]))).toBe("1 missing");
  const twice = { ...totals, states: { ...states, held: 2 } };
  expect(whatIsWrong(accountWithStore(queue, dead, [twice]))).toBe("the failure store has 1 too many");
});
