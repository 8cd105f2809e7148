import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type Fate, type RedriveFault, redriveWorld } from "../../testing/redrive-world.ts";
import type { FailedMessage, FailureStore, RedriveRun, RunEntry } from "../recovery/index.ts";
import { cancelRun, pauseRun, resumeRun } from "./control-run.ts";
import { startRedrive } from "./start-run.ts";

const START = Date.UTC(2026, 1, 1);

function held(count: number, queue = "orders", groupOf?: (number: number) => string): FailedMessage[] {
  return Array.from({ length: count }, (_, number) => {
    const lineage = `m-${String(number).padStart(4, "0")}`;
    const fifo = groupOf && {
      groupId: groupOf(number),
      sequenceNumber: String(number + 1).padStart(20, "0"),
    };
    return sampleFailure({ queue, lineage, capturedAtMs: START + number, ...fifo });
  });
}

async function entriesOf(store: FailureStore, run: RedriveRun): Promise<RunEntry[]> {
  const entries: RunEntry[] = [];
  while (entries.length < run.planned) entries.push(...(await store.entries(run.id, entries.length)));
  return entries;
}

/** Counts say what the entries say, and each entry is somewhere. */
async function expectExact(store: FailureStore, run: RedriveRun): Promise<void> {
  const entries = await entriesOf(store, run);
  const is = (...states: RunEntry["state"][]): number => entries.filter(({ state }) => states.includes(state)).length;
  const { sent, resolved, relapsed, skipped } = run;
  expect({ sent, resolved, relapsed, skipped }).toEqual({
    sent: is("sent", "resolved", "relapsed"),
    resolved: is("resolved"),
    relapsed: is("relapsed"),
    skipped: is("skipped"),
  });
}

test("a redrive of 1,000 messages of which every second fails again stops in its canary, after at most 6; the rest is untouched", async () => {
  const failures = held(1_000);
  const world = redriveWorld((id) => (Number(id.slice(-4)) % 2 === 0 ? "processed" : "dies"));
  await world.put(failures);
  const { id } = await startRedrive({ queue: "orders" }, {}, "ann", world.ports);
  await world.settle();
  const run = await world.store.run(id);
  expect(run).toMatchObject({ state: "stopped", planned: 1_000, sent: 6, resolved: 3, relapsed: 3 });
  expect(run?.stoppedBecause).toContain("died again of what it had died of");
  const records = await world.store.failures(failures.map((each) => each.id));
  expect(records.filter((record, index) => record === failures[index])).toHaveLength(994);
  if (run) await expectExact(world.store, run);
});

test("a redrive whose messages all succeed goes up its ramp to the end, no faster than its rate", async () => {
  const world = redriveWorld(() => "processed");
  await world.put(held(200));
  const { id } = await startRedrive({ queue: "orders" }, {}, "ann", world.ports);
  for (let second = 0, before = 0; second < 60; second++, before = world.sent.length) {
    await world.settle(1);
    expect(world.sent.length - before).toBeLessThanOrEqual(10);
  }
  expect(await world.store.run(id)).toMatchObject({ state: "done", sent: 200, resolved: 200 });
  expect(world.sent).toHaveLength(200);
});

test("a message that dies of something else stops a run too, and the run says so", async () => {
  const world = redriveWorld(() => "dies-of-something-else");
  await world.put(held(3));
  const { id } = await startRedrive({ queue: "orders" }, {}, "ann", world.ports);
  await world.settle();
  const run = await world.store.run(id);
  expect(run).toMatchObject({ state: "stopped", sent: 1, relapsed: 1 });
  expect(run?.stoppedBecause).toContain("of something else (1:something-else");
});

test("a queue has one run at a time: a second is refused with the first's id, and let in after its end", async () => {
  const world = redriveWorld(() => "processed");
  await world.put(held(3));
  const both = await Promise.allSettled([1, 2].map(() => startRedrive({ queue: "orders" }, {}, "ann", world.ports)));
  const [first] = both.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const [refused] = both.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  expect(refused).toMatchObject({ code: "run-exists", message: expect.stringContaining(String(first?.id)) });
  await cancelRun(String(first?.id), "ann", world.ports);
  expect(await startRedrive({ queue: "orders" }, {}, "ann", world.ports)).toMatchObject({ state: "planning" });
  await world.settle();
  expect(world.sent).toHaveLength(3);
});

test("a paused run sends nothing, and goes on when it is resumed", async () => {
  const world = redriveWorld(() => "processed");
  await world.put(held(30));
  const { id } = await startRedrive({ queue: "orders" }, {}, "ann", world.ports);
  await world.settle(3);
  await pauseRun(id, "ann", world.ports);
  await world.settle(600);
  const { length } = world.sent;
  expect(length).toBeLessThan(30);
  expect(await world.store.run(id)).toMatchObject({ state: "paused", sent: length, resolved: length });
  await resumeRun(id, "ann", world.ports);
  await world.settle();
  expect(await world.store.run(id)).toMatchObject({ state: "done", sent: 30, resolved: 30 });
  await expect(resumeRun(id, "ann", world.ports)).rejects.toThrow("is done; it can be running where it is paused");
});

test("a FIFO group is sent in its order, one message at a time, and groups take turns", async () => {
  const world = redriveWorld(() => "processed");
  await world.put(held(12, "orders.fifo", (number) => (number < 9 ? "large" : "small")));
  const { id } = await startRedrive({ queue: "orders.fifo" }, {}, "ann", world.ports);
  await world.settle();
  expect(await world.store.run(id)).toMatchObject({ state: "done", sent: 12 });
  const order = world.sent.map(({ failure }) => Number(failure.lineage.slice(2)));
  expect(order.filter((number) => number < 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(order.indexOf(9)).toBeLessThan(order.indexOf(2));
});

test("killed at any port call, reminded twice, by two at once: nothing is sent twice but as the same copy, nothing is lost, counts are exact", async () => {
  const fault = fc.constantFrom<RedriveFault>("kill-after", "kill-before", "none", "none", "none", "unsent");
  const fate = fc.constantFrom<Fate>("processed", "processed", "processed", "processed", "dies");
  await fc.assert(
    fc.asyncProperty(
      fc.array(fate, { minLength: 1, maxLength: 9 }),
      fc.array(fault, { maxLength: 60 }),
      fc.boolean(),
      fc.boolean(),
      async (fates, faults, copies, fifo) => {
        const queue = fifo ? "orders.fifo" : "orders";
        const world = redriveWorld((id) => fates[Number(id.slice(-4))] ?? "processed", { copies });
        const failures = held(fates.length, queue, fifo ? (number) => `g-${number % 2}` : undefined);
        await world.put(failures);
        const { id } = await startRedrive({ queue }, { ramp: [1, 2] }, "ann", world.ports);
        world.faults.push(...faults);
        await world.settle();
        const run = await world.store.run(id);
        expect(["done", "stopped"]).toContain(run?.state);
        if (!run) return;
        await expectExact(world.store, run);
        expect(run.resolved + run.relapsed).toBe(run.sent);
        const copiesOf = new Set(world.sent.map(({ failure, envelope }) => `${failure.id}/${envelope.sends}`));
        expect(copiesOf.size).toBe(run.sent);
        expect([...world.effects.values()].every((count) => count === 1)).toBe(true);
        expect(world.effects.size).toBe(run.resolved);
        const records = await world.store.failures(failures.map((each) => each.id));
        for (const entry of await entriesOf(world.store, run)) {
          const record = records.find((each) => each?.id === entry.failure);
          expect(record?.state).toBe(entry.state === "resolved" ? "resolved" : "held");
        }
        if (run.relapsed === 0) expect(run).toMatchObject({ state: "done", sent: fates.length });
        expect((await world.store.queueRun(queue))?.run).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
}, 120_000);
