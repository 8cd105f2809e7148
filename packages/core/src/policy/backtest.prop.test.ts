import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleAudit, sampleFailure, sampleGroup } from "../../testing/failure-samples.ts";
import { memoryFailureStore } from "../../testing/memory-failure-store.ts";
import type { FailedMessage, FailureState, Policy, PolicyAction } from "../recovery/index.ts";
import { backtestOne, noBacktest } from "./backtest.ts";
import { runBacktest } from "./run-backtest.ts";

const END: fc.Arbitrary<PolicyAction> = fc.constantFrom("heal", "archive", "hold");
const ACTIONS = fc.tuple(END, fc.boolean()).map(([end, alert]): PolicyAction[] => (alert ? [end, "alert"] : [end]));

const POLICY: fc.Arbitrary<Policy> = fc
  .record({
    rules: fc.array(
      fc.record({ when: fc.constantFrom({}, { deaths: { from: 2 } }, { heals: { below: 1 } }), then: ACTIONS }),
      { maxLength: 3 },
    ),
    otherwise: ACTIONS,
  })
  .map(({ rules, otherwise }) => ({ otherwise, rules: rules.map((rule, index) => ({ name: `r${index}`, ...rule })) }));

const STATE: fc.Arbitrary<FailureState> = fc.constantFrom(
  "archived",
  "discarded",
  "healing",
  "held",
  "requeued",
  "resolved",
);

const FAILURE: fc.Arbitrary<FailedMessage> = fc
  .record({
    state: STATE,
    deaths: fc.integer({ min: 1, max: 4 }),
    heals: fc.integer({ min: 0, max: 4 }),
    alert: fc.boolean(),
    via: fc.constantFrom("heal" as const, "redrive" as const, "replay" as const),
  })
  .map((changes) => sampleFailure(changes));

test("every message is counted once by each policy, and what is re-poisoned is healed", () => {
  fc.assert(
    fc.property(POLICY, fc.array(FAILURE, { maxLength: 30 }), (policy, failures) => {
      const group = sampleGroup();
      const { looked, changed, candidate, history, samples } = failures.reduce(
        (backtest, failure) => backtestOne(backtest, policy, { failure, group, repairs: new Map() }),
        noBacktest(),
      );
      expect(looked).toBe(failures.length);
      for (const counts of [candidate, history]) {
        expect(counts.healed + counts.archived + counts.held).toBe(looked);
        expect(counts.rePoisoned).toBeLessThanOrEqual(counts.healed);
        expect(counts.alerted).toBeLessThanOrEqual(looked);
      }
      expect(changed).toBeLessThanOrEqual(looked);
      for (const list of Object.values(samples)) expect(list.length).toBeLessThanOrEqual(5);
    }),
  );
});

test("healing what has died again is re-poisoning, unless it was processed in the end", () => {
  const policy: Policy = { rules: [{ name: "try", when: {}, then: ["heal"] }] };
  const counts = (failure: FailedMessage): number =>
    backtestOne(noBacktest(), policy, { failure, group: undefined, repairs: new Map() }).candidate.rePoisoned;
  expect(counts(sampleFailure({ deaths: 2, heals: 1 }))).toBe(1);
  expect(counts(sampleFailure({ deaths: 2, heals: 2, state: "resolved", via: "heal" }))).toBe(0);
  expect(counts(sampleFailure())).toBe(0);
  const relapsing = { failure: sampleFailure(), group: sampleGroup({ heals: 4, relapses: 3 }), repairs: new Map() };
  const [sample] = backtestOne(noBacktest(), policy, relapsing).samples.rePoisoned;
  expect(sample).toMatchObject({ was: "held", becomes: "healing", because: expect.stringContaining("3 relapsed") });
});

test("history is read page by page, to the limit, and nothing is changed", async () => {
  const store = memoryFailureStore();
  for (let number = 0; number < 12; number++) {
    const after = sampleFailure({ lineage: `m-${number}`, capturedAtMs: Date.UTC(2026, 1, 1) + number });
    await store.commit({ failures: [{ before: undefined, after }], audit: sampleAudit() });
  }
  const policy: Policy = { rules: [{ name: "give up", when: {}, then: ["archive", "alert"] }] };
  const ports = { store, archive: { put: unused, get: unused, putBody: unused, getBody: unused } };
  const whole = await runBacktest(policy, [], {}, ports);
  expect(whole).toMatchObject({ looked: 12, changed: 12, more: false, candidate: { archived: 12, alerted: 12 } });
  expect(await runBacktest(policy, [], { limit: 5 }, ports)).toMatchObject({ looked: 5, more: true });
  expect(await store.audit("orders", 13)).toEqual([]);
});

function unused(): never {
  throw new Error("a backtest without repairs reads no body");
}
