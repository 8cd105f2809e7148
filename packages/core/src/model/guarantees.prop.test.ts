import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fault, type Sent, simulate, type World } from "../../testing/simulation.ts";

const fault = fc.constantFrom<Fault>(
  "none",
  "none",
  "none",
  "kill-before",
  "kill-after",
  "answer-lost",
  "down",
  "stall",
  "throw",
);

/** With handlers that take their time under heartbeats, which bounds no number of repeats. */
const anything = fc.oneof({ arbitrary: fault, weight: 8 }, { arbitrary: fc.constant<Fault>("slow"), weight: 1 });

/** Messages of a producer: each key is one effect's; on standard queues a key can be sent twice. */
function worlds(mode: World["mode"], faults: fc.Arbitrary<Fault> = fault): fc.Arbitrary<World> {
  const distinct = mode === "fifo" || mode === "plain";
  const sent = fc
    .array(fc.record({ key: fc.integer({ min: 0, max: 3 }), group: fc.constantFrom("a", "b") }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((all) => all.map(({ key, group }, index): Sent => ({ key: distinct ? String(index) : String(key), group })));
  return fc.record({ mode: fc.constant(mode), sent, faults: fc.array(faults, { maxLength: 25 }) });
}

/** How often each key had its effect. */
function effectsByKey(effects: readonly { key: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { key } of effects) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

const RUNS = 400;

test("plain: every message has its effect; each further one had a fault", async () => {
  await fc.assert(
    fc.asyncProperty(worlds("plain"), async (world) => {
      const { effects, interruptions, left } = await simulate(world);
      expect(left).toBe(0);
      expect(effectsByKey(effects).size).toBe(world.sent.length);
      expect(effects.length - world.sent.length).toBeLessThanOrEqual(interruptions * 3);
    }),
    { numRuns: RUNS },
  );
});

test("keyed: every key has its effect, and once where nothing interrupts", async () => {
  await fc.assert(
    fc.asyncProperty(worlds("keyed"), async (world) => {
      const { effects, interruptions, left } = await simulate(world);
      const keys = new Set(world.sent.map(({ key }) => key));
      expect(left).toBe(0);
      expect(effectsByKey(effects).size).toBe(keys.size);
      expect(effects.length - keys.size).toBeLessThanOrEqual(interruptions * 3);
      if (interruptions === 0) expect(effects.length).toBe(keys.size);
    }),
    { numRuns: RUNS },
  );
});

test("keyed, with heartbeats: every key has its effect once, however long its handlers take", async () => {
  await fc.assert(
    fc.asyncProperty(worlds("keyed", fc.constantFrom<Fault>("none", "slow")), async (world) => {
      const { effects, left } = await simulate(world);
      expect(left).toBe(0);
      expect(effects.length).toBe(new Set(world.sent.map(({ key }) => key)).size);
    }),
    { numRuns: RUNS },
  );
});

test("transactional: every key has its effect exactly once, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(worlds("transactional", anything), async (world) => {
      const { effects, left } = await simulate(world);
      expect(left).toBe(0);
      const keys = new Set(world.sent.map(({ key }) => key));
      expect([...effectsByKey(effects).values()]).toEqual([...keys].map(() => 1));
    }),
    { numRuns: RUNS },
  );
});

test("fifo: every message has its effect exactly once and in the order of its group, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(worlds("fifo", anything), async (world) => {
      const { effects, left } = await simulate(world);
      expect(left).toBe(0);
      for (const group of ["a", "b"]) {
        const inOrder = [...world.sent.keys()].filter((number) => world.sent[number]?.group === group);
        expect(effects.filter((each) => each.group === group).map((each) => each.message)).toEqual(inOrder);
      }
    }),
    { numRuns: RUNS },
  );
});
