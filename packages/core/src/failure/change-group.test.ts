import { expect, test } from "vitest";
import { sampleAudit, sampleCount, sampleFailure } from "../../testing/failure-samples.ts";
import { memoryFailureStore } from "../../testing/memory-failure-store.ts";
import type { FailureStore } from "../recover-ports.ts";
import { acknowledgeGroup, armHealing, ignoreGroup, resolveGroup } from "./change-group.ts";

const NOW = Date.UTC(2026, 1, 2);

async function withGroup(): Promise<{
  readonly id: string;
  readonly store: FailureStore;
  readonly ports: { readonly store: FailureStore; readonly now: () => number };
}> {
  const store = memoryFailureStore();
  const after = sampleFailure();
  const counts = [sampleCount("orders")];
  await store.commit({ failures: [{ before: undefined, after }], counts, audit: sampleAudit() });
  const [group] = (await store.listGroups({})).groups;
  return { id: group?.id ?? "", store, ports: { store, now: () => NOW } };
}

const actionsOf = async (store: FailureStore): Promise<readonly string[]> =>
  (await store.audit("orders", 1)).map(({ action }) => action);

test("each change of a group is in the store and, with who made it and its conditions, in the audit", async () => {
  const { id, store, ports } = await withGroup();
  expect(await acknowledgeGroup(id, "ann", ports)).toMatchObject({ state: "acknowledged", changedBy: "ann" });
  const until = { atMs: NOW + 1, deaths: 5 };
  expect(await ignoreGroup(id, until, "bob", ports)).toMatchObject({ state: "ignored", ignoredUntilDeaths: 5 });
  expect(await resolveGroup(id, "eve", ports, "1.4.2")).toMatchObject({
    state: "resolved",
    resolvedInVersion: "1.4.2",
  });
  expect((await store.groups([id]))[0]).toMatchObject({ state: "resolved", changedBy: "eve", version: 4 });
  const entries = (await store.audit("orders", 2)).map(({ by, action, details }) => [by, action, details]);
  expect(entries).toEqual([
    ["ann", "group-acknowledged", {}],
    ["bob", "group-ignored", { until }],
    ["eve", "group-resolved", { version: "1.4.2" }],
  ]);
});

test("what is so already is no change, and no entry of the audit", async () => {
  const { id, store, ports } = await withGroup();
  await armHealing(id, "ann", ports);
  await acknowledgeGroup(id, "ann", ports);
  await acknowledgeGroup(id, "bob", ports);
  expect(await actionsOf(store)).toEqual(["captured", "group-acknowledged"]);
});

test("a group that is not there, a condition that is over, and one that is missing are refused, and named", async () => {
  const { id, ports } = await withGroup();
  await expect(acknowledgeGroup("orders:none", "ann", ports)).rejects.toMatchObject({ code: "group-unknown" });
  await expect(ignoreGroup(id, {}, "ann", ports)).rejects.toThrow("ignored until when?");
  await expect(ignoreGroup(id, { atMs: NOW }, "ann", ports)).rejects.toThrow("that is over at");
  await expect(ignoreGroup(id, { deaths: 1 }, "ann", ports)).rejects.toThrow("over the 1 that it has");
});

test("of ten people at once each change is made, one after the other", async () => {
  const { id, store, ports } = await withGroup();
  const people = Array.from({ length: 10 }, (_, number) => `p-${number}`);
  await Promise.all(people.map((by, number) => resolveGroup(id, by, ports, `1.${number}.0`)));
  expect((await store.groups([id]))[0]).toMatchObject({ state: "resolved", version: 11 });
  expect(await actionsOf(store)).toEqual(["captured", ...people.map(() => "group-resolved")]);
});

test("a store in which others are always first is given up on, and may be tried again", async () => {
  const { id, store } = await withGroup();
  const ports = { store: { ...store, commit: async () => "conflict" as const }, now: () => NOW };
  await expect(acknowledgeGroup(id, "ann", ports)).rejects.toMatchObject({ code: "group-changing", retryable: true });
});
