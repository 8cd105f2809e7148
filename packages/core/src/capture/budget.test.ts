import { expect, test } from "vitest";
import { simulateRecovery } from "../../testing/recovery-world.ts";

test("once a group's budget is spent its next deaths are held, it is disarmed with them, and a person is told", async () => {
  const fates = Array.from({ length: 8 }, () => ({ failures: 99, kind: "dependency" as const }));
  const { store, alerts } = await simulateRecovery({
    fates,
    faults: [],
    policy: {
      rules: [{ name: "may pass", when: { retryable: true }, then: ["heal"], maxHeals: 50 }],
      backoff: { baseSeconds: 1, capSeconds: 1 },
      budget: { relapses: 4, share: 0.5 },
    },
  });
  const [group] = (await store.listGroups({})).groups;
  expect(group).toMatchObject({ healing: "disarmed", relapses: 8, heals: 8, deaths: 16 });
  const { failures } = await store.listFailures({ limit: 20 });
  expect(failures.map(({ state }) => state)).toEqual(fates.map(() => "held"));
  expect(alerts.map(({ kind }) => kind)).toEqual(["healing-disarmed", "all-clear"]);
});

test("heals that are still on their way say nothing: the first that are known to be in vain spend the budget", async () => {
  const fates = Array.from({ length: 30 }, () => ({ failures: 99, kind: "dependency" as const }));
  const { store } = await simulateRecovery({
    fates,
    faults: [],
    policy: {
      rules: [{ name: "may pass", when: { retryable: true }, then: ["heal"], maxHeals: 50 }],
      backoff: { baseSeconds: 1, capSeconds: 1 },
      budget: { relapses: 4, share: 1 },
    },
  });
  const [group] = (await store.listGroups({})).groups;
  expect(group).toMatchObject({ healing: "disarmed", relapses: 30, heals: 30, deaths: 60 });
  expect((await store.totals())[0]).toMatchObject({ sends: 30, states: { held: 30 } });
});
