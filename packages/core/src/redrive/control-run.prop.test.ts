import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { type RedriveFault, redriveWorld } from "../../testing/redrive-world.ts";
import { cancelRun, pauseRun, resumeRun } from "./control-run.ts";
import { startRedrive } from "./start-run.ts";

const FAILURES = Array.from({ length: 12 }, (_, number) => sampleFailure({ lineage: `m-${number}` }));
const IDS: readonly string[] = FAILURES.map(({ id }) => id);
const fault = fc.constantFrom<RedriveFault>("kill-after", "kill-before", "none", "none", "unsent");
const faults = fc.array(fault, { maxLength: 40 });

test("paused or cancelled at any moment, killed anywhere: what was sent is sent whole and seen to its end, the rest is untouched", async () => {
  const control = fc.constantFrom(pauseRun, cancelRun);
  await fc.assert(
    fc.asyncProperty(control, fc.nat({ max: 12 }), faults, fc.boolean(), async (change, seconds, wanted, copies) => {
      const world = redriveWorld(() => "processed", { copies });
      await world.put(FAILURES);
      const { id } = await startRedrive({ queue: "orders" }, { ramp: [1, 3] }, "ann", world.ports);
      world.faults.push(...wanted);
      await world.settle(seconds);
      const changed = await world
        .insist(() => change(id, "ann", world.ports))
        .then(
          () => true,
          // It had ended before, or was not planned yet.
          (error: unknown) => expect(error).toMatchObject({ code: "run-state" }),
        );
      await world.settle();
      await world.sweep();
      await world.settle();
      const run = await world.store.run(id);
      const records = await world.store.failures(IDS);
      const resolved = records.filter((record) => record?.state === "resolved");
      expect(records.filter((record, index) => record === FAILURES[index])).toHaveLength(12 - resolved.length);
      expect(resolved.map((record) => world.effects.get(record?.id ?? ""))).toEqual(resolved.map(() => 1));
      expect(run).toMatchObject({ sent: resolved.length, resolved: resolved.length, relapsed: 0 });
      if (changed !== true || change === cancelRun) return;
      await world.insist(() => resumeRun(id, "ann", world.ports)).catch(() => {});
      await world.settle();
      expect(await world.store.run(id)).toMatchObject({ state: "done", sent: 12, resolved: 12 });
    }),
    { numRuns: 150 },
  );
}, 60_000);

test("killed while it starts, and asked for again: there is one run, and it goes on by itself", async () => {
  await fc.assert(
    fc.asyncProperty(faults, fc.boolean(), async (wanted, again) => {
      const world = redriveWorld(() => "processed");
      await world.put(FAILURES);
      world.faults.push(...wanted);
      const start = (): Promise<unknown> => startRedrive({ queue: "orders" }, { ramp: [5] }, "ann", world.ports);
      await (again ? world.insist(start) : start()).catch(() => {});
      await world.settle();
      await world.sweep();
      await world.settle();
      const { runs } = await world.store.listRuns({});
      expect(runs.length).toBeLessThanOrEqual(1);
      if (again) expect(runs).toHaveLength(1);
      for (const run of runs) expect(run).toMatchObject({ state: "done", sent: 12, resolved: 12 });
      expect(world.sent.length === 0).toBe(runs.length === 0);
    }),
    { numRuns: 150 },
  );
}, 60_000);
