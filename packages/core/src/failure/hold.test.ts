import { expect, test } from "vitest";
import { sampleAudit, sampleFailure } from "../../testing/failure-samples.ts";
import { memoryFailureStore } from "../../testing/memory-failure-store.ts";
import { payloadHash } from "../idempotency/payload-hash.ts";
import { verifyAudit } from "../recovery/index.ts";
import type { FailureState } from "./failed-message.ts";
import { hold } from "./hold.ts";

const NOW = Date.UTC(2026, 1, 2);

test("what is healing or archived is held, its archived object stays, and it is no longer due; the rest says why not", async () => {
  const store = memoryFailureStore();
  const archive = { bucket: "archive", key: "archive/1", contentHash: "a1" };
  const states: FailureState[] = ["healing", "archived", "held", "requeued", "resolved", "discarded"];
  const failures = states.map((state) =>
    sampleFailure({
      lineage: state,
      state,
      ...(state === "healing" && { dueAtMs: NOW, asked: { via: "heal", by: "bob" } as const }),
      ...(state === "archived" && { archive }),
    }),
  );
  for (const after of failures) {
    await store.commit({ failures: [{ before: undefined, after }], audit: sampleAudit() });
  }
  const ids = failures.map(({ id }) => id);
  const ends = await hold(ids, "ann", { store, now: () => NOW, wakeUps: { add: async () => {} } });
  expect(ends.map(({ kind }) => kind)).toEqual(["done", "done", "refused", "refused", "refused", "refused"]);
  expect(ends.at(3)).toMatchObject({ because: "it is requeued; it can be held where it is healing or archived" });
  const [healing, archived] = await store.failures(ids);
  expect(healing).toMatchObject({ state: "held", version: 2, updatedAtMs: NOW });
  expect([healing?.dueAtMs, healing?.asked]).toEqual([undefined, undefined]);
  expect(archived).toMatchObject({ state: "held", archive });
  expect((await store.audit("orders", 1)).at(-1)).toMatchObject({
    by: "ann",
    action: "held",
    subjects: ids.slice(0, 2),
  });
});

test("a message that is given twice is held once", async () => {
  const store = memoryFailureStore();
  const after = sampleFailure({ state: "healing", dueAtMs: NOW });
  await store.commit({ failures: [{ before: undefined, after }], audit: sampleAudit() });
  const ends = await hold([after.id, after.id], "ann", { store, now: () => NOW, wakeUps: { add: async () => {} } });
  expect(ends).toEqual([{ id: after.id, kind: "done" }]);
  expect((await store.failures([after.id]))[0]).toMatchObject({ state: "held", version: 2 });
});

test("of more messages than one commit takes, each is held, queue by queue, and each chain verifies", async () => {
  const store = memoryFailureStore();
  const failures = Array.from({ length: 45 }, (_, number) =>
    sampleFailure({ queue: number % 2 ? "orders" : "stock", lineage: String(number), state: "archived" }),
  );
  for (const after of failures) {
    await store.commit({ failures: [{ before: undefined, after }], audit: sampleAudit({ chain: after.queue }) });
  }
  const ids = failures.map(({ id }) => id);
  const ends = await hold(ids, "ann", { store, now: () => NOW, wakeUps: { add: async () => {} } });
  expect(ends).toEqual(ids.map((id) => ({ id, kind: "done" })));
  for (const chain of ["orders", "stock"]) {
    expect(await verifyAudit(store, chain, payloadHash)).toMatchObject({ ok: true });
  }
});
