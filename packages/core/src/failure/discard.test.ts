import { expect, test } from "vitest";
import { sampleAudit, sampleFailure } from "../../testing/failure-samples.ts";
import { memoryFailureStore } from "../../testing/memory-failure-store.ts";
import { discard } from "./discard.ts";
import type { FailureState } from "./failed-message.ts";

const wakeUps = { add: async (): Promise<void> => {} };

test("what is held, healing or archived is given up; what is on its way or over is not, and says why", async () => {
  const store = memoryFailureStore();
  const states: FailureState[] = ["held", "healing", "archived", "requeued", "resolved", "discarded"];
  const failures = states.map((state) => sampleFailure({ lineage: state, state }));
  for (const after of failures) {
    await store.commit({ failures: [{ before: undefined, after }], audit: sampleAudit() });
  }
  const ids = [...failures.map(({ id }) => id), "orders:nobody"];
  const ends = await discard(ids, "test data", "ann", { store, wakeUps, now: () => Date.UTC(2026, 1, 2) });
  expect(ends.map(({ kind }) => kind)).toEqual(["done", "done", "done", "refused", "refused", "refused", "refused"]);
  expect(ends.at(3)).toMatchObject({ because: expect.stringContaining("it is requeued; it can be discarded") });
  expect(ends.at(-1)).toMatchObject({ because: "there is no such failed message" });
  const last = (await store.audit("orders", 1)).at(-1);
  expect(last).toMatchObject({ by: "ann", action: "discarded", details: { reason: "test data" } });
  expect(last?.subjects).toEqual(ids.slice(0, 3));
});

test("of a message that is discarded and changed at once, one wins, and none of the others is kept", async () => {
  const store = memoryFailureStore();
  const failures = ["a", "b"].map((lineage) => sampleFailure({ lineage }));
  await store.commit({ failures: failures.map((after) => ({ before: undefined, after })), audit: sampleAudit() });
  const ids = failures.map(({ id }) => id);
  const ports = { store, wakeUps, now: () => Date.UTC(2026, 1, 2) };
  const twice = await Promise.all([discard(ids, "x", "ann", ports), discard(ids, "x", "bob", ports)]);
  for (const index of [0, 1]) {
    expect(twice.map((ends) => ends[index]?.kind).toSorted()).toEqual(["done", "refused"]);
  }
});
