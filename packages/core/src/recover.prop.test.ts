import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fate, type RecoveryFault, simulateRecovery } from "../testing/recovery-world.ts";
import { payloadHash } from "./idempotency/payload-hash.ts";
import { failureId, type Policy, type RunEntry, verifyAudit } from "./recovery/index.ts";

const POLICY: Policy = {
  rules: [
    { name: "what may pass", when: { retryable: true }, then: ["heal"], maxHeals: 2 },
    { name: "what never will", when: { category: "bad-payload" }, then: ["archive", "alert"] },
  ],
  backoff: { baseSeconds: 30, capSeconds: 600 },
};

const fate = fc.record({
  failures: fc.integer({ min: 0, max: 8 }),
  kind: fc.constantFrom<Fate["kind"]>("bad-payload", "dependency"),
});
const faults = fc.array(fc.constantFrom<RecoveryFault>("kill-after", "kill-before", "none", "none"), { maxLength: 60 });

test("killed at any step and again, recovery loses no failure, leaves none without a reason, and doubles no effect", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 5 }), faults, async (fates, wanted) => {
      const { effects, store, archived, left } = await simulateRecovery({ fates, faults: wanted, policy: POLICY });
      expect(left).toBe(0);
      const records = await store.failures(fates.map((_, number) => failureId("orders", `m-${number}`)));
      const lostAnswers = wanted.filter((fault) => fault === "kill-after").length;
      for (const [number, fate] of fates.entries()) {
        const { kind } = fate;
        const record = records[number];
        expect(endsOf(fate, lostAnswers), `${effects[number]} effects of ${number}`).toContainEqual([
          record?.state,
          effects[number],
        ]);
        if (record) {
          expect(record?.reason.errorName).toBe(kind === "dependency" ? "DependencyFailure" : "BadPayloadFailure");
          expect(record?.attempts.length).toBe(2);
        }
        if (record?.archive) expect(archived.get(record.archive.key)?.failure.body).toBe(String(number));
      }
      expect(await verifyAudit(store, "orders", payloadHash)).toMatchObject({ ok: true });
    }),
    { numRuns: 150 },
  );
}, 120_000);

type End = readonly [state: "archived" | "resolved" | undefined, effects: number];

/**
 * How a message may end: two receives a life, and two heals, are three lives. Where the answer of a send is lost there can be a
 * second copy, whose receives are more lives; where its effect comes after the other copy has died for good, that is seen.
 */
function endsOf({ failures, kind }: Fate, lostAnswers: number): readonly End[] {
  if (failures < 2) return [[undefined, 1]];
  if (kind === "bad-payload") return [["archived", 0]];
  if (failures < 6) return [["resolved", 1]];
  const ends: readonly End[] = [["archived", 0]];
  return failures < 6 + 2 * lostAnswers ? [...ends, ["resolved", 1]] : ends;
}

test("a heal whose answer was lost is sent again: the second copy's receives count, and the effect still happens once", async () => {
  const fates: Fate[] = [{ failures: 6, kind: "dependency" }];
  const faults: RecoveryFault[] = ["kill-after", "kill-after", "none", "none", "none", "kill-after"];
  const { effects, store, left } = await simulateRecovery({ fates, faults, policy: POLICY });
  const [record] = await store.failures([failureId("orders", "m-0")]);
  expect({ effects, left, state: record?.state }).toEqual({ effects: [1], left: 0, state: "resolved" });
});

test("where one copy has died for good before the other has its effect, the message is resolved in the end, and no later letter undoes that", async () => {
  const fates: Fate[] = [
    { failures: 2, kind: "dependency" },
    { failures: 7, kind: "dependency" },
    { failures: 0, kind: "bad-payload" },
  ];
  const faults: RecoveryFault[] = ["kill-after", "kill-after", "none", "none", "none", "none", "kill-after"];
  const { effects, store, left } = await simulateRecovery({ fates, faults, policy: POLICY });
  const records = await store.failures(fates.map((_, number) => failureId("orders", `m-${number}`)));
  expect({ effects, left }).toEqual({ effects: [1, 1, 1], left: 0 });
  expect(records.map((record) => record?.state)).toEqual(["resolved", "resolved", undefined]);
});

test("without a fault each step happens once: counts, alerts and sends are exact", async () => {
  const fates: Fate[] = [
    { failures: 3, kind: "dependency" },
    { failures: 2, kind: "bad-payload" },
    { failures: 9, kind: "dependency" },
  ];
  const { store, alerts } = await simulateRecovery({ fates, faults: [], policy: POLICY });
  const { groups } = await store.listGroups({});
  expect(groups.map(({ errorName, deaths, heals, relapses }) => ({ errorName, deaths, heals, relapses }))).toEqual(
    expect.arrayContaining([
      { errorName: "DependencyFailure", deaths: 4, heals: 3, relapses: 2 },
      { errorName: "BadPayloadFailure", deaths: 1, heals: 0, relapses: 0 },
    ]),
  );
  expect(alerts.map(({ kind, count }) => [kind, count])).toEqual([
    ["failures", 1],
    ["all-clear", 0],
  ]);
  const [totals] = await store.totals();
  expect(totals).toMatchObject({ deaths: 5, sends: 3, states: { resolved: 1, archived: 2, held: 0 } });
});

const HOLD: Policy = { rules: [], otherwise: ["hold"] };

test("killed at any step of capture, redrive and observation, and again: each message has one effect in the end, none is lost, and runs count what was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 6 }), faults, async (fates, wanted) => {
      const world = { fates, faults: wanted, policy: HOLD, redrive: { ramp: [1, 2] } };
      const { effects, store, left } = await simulateRecovery(world);
      expect(left).toBe(0);
      expect(effects).toEqual(fates.map(() => 1));
      const records = await store.failures(fates.map((_, number) => failureId("orders", `m-${number}`)));
      for (const [number, { failures }] of fates.entries()) {
        expect(records[number]?.state, `message ${number}`).toBe(failures < 2 ? undefined : "resolved");
      }
      const { runs } = await store.listRuns({});
      expect(runs.length > 0).toBe(fates.some(({ failures }) => failures >= 2));
      for (const { id, state, planned, sent, resolved, relapsed, skipped } of runs) {
        expect(["done", "stopped"]).toContain(state);
        expect(resolved + relapsed).toBe(sent);
        const entries = await store.entries(id, 0);
        const are = (...states: RunEntry["state"][]): number =>
          entries.filter((entry) => states.includes(entry.state)).length;
        expect([planned, resolved, relapsed, skipped]).toEqual([
          entries.length,
          are("resolved"),
          are("relapsed"),
          are("skipped"),
        ]);
      }
      expect(await verifyAudit(store, "orders", payloadHash)).toMatchObject({ ok: true });
    }),
    { numRuns: 100 },
  );
}, 120_000);
