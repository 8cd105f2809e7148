import { planReplay, startRedrive, startReplay } from "@reliq/core/recovery";

import { expect, test } from "vitest";
import { heldMessages, redriveTrial } from "./redrive-trial.ts";

const PATIENCE = { timeout: 60_000, interval: 200 };

const fails = (body: unknown): void => {
  if (Number(body) % 2 === 1) throw new Error("it is odd");
};

test("a redrive of 1,000 held messages of which every second would fail again stops in its canary, after at most 6; the rest is untouched", async () => {
  const { ports, store, put } = await redriveTrial({ handle: fails });
  const failures = heldMessages(Array.from({ length: 1_000 }, (_, number) => number));
  await put(failures);
  const { id } = await startRedrive({ queue: "orders" }, {}, "ann", ports);
  await expect.poll(async () => (await store.run(id))?.state, PATIENCE).toBe("stopped");
  const run = await store.run(id);
  expect(run).toMatchObject({ planned: 1_000, stoppedBecause: expect.stringContaining("died again") });
  expect(run?.sent).toBeLessThanOrEqual(6);
  const records = await store.failures(failures.map((failure) => failure.id));
  expect(records.filter((record) => record?.version === 1 && record.state === "held")).toHaveLength(
    1_000 - (run?.sent ?? 0),
  );
}, 120_000);

test("a replay brings back what was archived in a time and a group, in the group's order, as its dry run said", async () => {
  const { ports, store, processed, put } = await redriveTrial({ fifo: true });
  const times = Date.now() - 3_600_000;
  const failures = heldMessages([0, 1, 2, 3, 4, 5, 6, 7], (number) => ({
    queue: "orders.fifo",
    state: "archived",
    capturedAtMs: times + number * 1_000,
    groupId: number % 2 === 0 ? "even" : "odd",
    sequenceNumber: String(number).padStart(20, "0"),
  }));
  const archived = await Promise.all(
    failures.map(async (failure) => ({
      ...failure,
      archive: await ports.archive.put({ v: 1, failure, attempts: [], archivedAtMs: times }),
    })),
  );
  // The last one's object is not what its hash says.
  const [damaged] = archived.splice(6, 1);
  if (damaged) archived.push({ ...damaged, archive: { ...damaged.archive, contentHash: "0".repeat(64) } });
  await put(archived);
  const filter = { queue: "orders.fifo", messageGroup: "even", fromMs: times + 1_000 };
  const plan = await planReplay(filter, {}, ports);
  expect(plan.messages.map(({ failure, verdict }) => [failure, verdict])).toEqual([
    ["orders.fifo:m-2", "safe"],
    ["orders.fifo:m-4", "safe"],
    ["orders.fifo:m-6", "schema-invalid"],
  ]);
  expect(processed).toEqual([]);
  const { id } = await startReplay(filter, {}, "ann", ports);
  await expect.poll(async () => (await store.run(id))?.state, PATIENCE).toBe("done");
  expect(processed).toEqual([2, 4]);
  expect((await store.entries(id, 0)).map(({ failure, verdict }) => [failure, verdict])).toEqual(
    plan.messages.map(({ failure, verdict }) => [failure, verdict]),
  );
}, 120_000);
