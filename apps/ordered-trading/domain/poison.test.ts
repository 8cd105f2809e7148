import {
  applyDecision,
  checkPolicy,
  explainDecision,
  type FailedMessage,
  POLICY_DEFAULTS,
  tryRepairs,
} from "@reliq/core/recovery";
import { sampleFailure } from "@reliq/core/testing";
import { expect, test } from "vitest";
import { assess, POLICY } from "./poison.ts";
import { REPAIRS } from "./repairs.ts";

const ORDER = { orderId: "o-1", orderType: "SELL", amount: 50, symbol: "AAPL", timestamp: "2026-11-26T09:59:59Z" };
const NO_SYMBOL = { ...ORDER, amount: -50, symbol: undefined };
type Reason = FailedMessage["reason"];

function poison(reason: Partial<Reason>, changes: Partial<FailedMessage> = {}, body: unknown = ORDER): FailedMessage {
  return sampleFailure({ body: JSON.stringify(body), reason: { ...sampleFailure().reason, ...reason }, ...changes });
}

/** What the poison handler makes of a failed message. */
async function handled(failure: FailedMessage): Promise<string> {
  const repairs = await tryRepairs({ policy: POLICY, repairs: REPAIRS }, failure, failure.body);
  const { decision } = explainDecision(POLICY, { failure, group: undefined, repairs, nowMs: failure.diedAtMs });
  const after = applyDecision(failure, decision, failure.diedAtMs, 0);
  const { severity, recoverability } = assess(after);
  const repair = after.changes.map(({ by }) => ` by ${by}`).join("");
  return `${after.rule}: ${severity}, ${recoverability}, ${after.state}${repair}${after.alert ? ", alerted" : ""}`;
}

const VALIDATION = { category: "validation", message: "The body does not fit its schema: amount (-50)" } as const;
const SYMBOL = { category: "validation", message: "The body does not fit its schema: symbol (Invalid key)" } as const;

test.each([
  [poison(VALIDATION, {}, { ...ORDER, amount: -50 }), "negative amount: warning, repair, healing by negative-amount"],
  [
    poison(VALIDATION, {}, { ...ORDER, timestamp: undefined }),
    "missing timestamp: warning, repair, healing by missing-timestamp",
  ],
  [poison(SYMBOL, {}, { ...ORDER, symbol: "aapl" }), "symbol case: warning, repair, healing by symbol-case"],
  [
    poison(SYMBOL, {}, { ...ORDER, symbol: "aapl", amount: -1 }),
    "several faults: warning, repair, healing by several-faults",
  ],
  [poison(SYMBOL, {}, NO_SYMBOL), "no symbol: critical, none, archived, alerted"],
  [poison(VALIDATION, {}, { ...ORDER, amount: 0 }), "no valid order: error, none, archived"],
  [poison({ category: "bad-payload" }), "unreadable: critical, none, archived, alerted"],
  [poison({ category: "auth" }), "credentials: critical, person, held, alerted"],
  [poison({ category: "permanent" }), "refused step: error, none, archived"],
  [poison({ category: "dependency" }), "may pass: warning, retry, healing"],
  [poison({ category: "throttled" }), "may pass: warning, retry, healing"],
  [poison({ category: "dependency" }, { heals: 3 }), "may pass: critical, person, held, alerted"],
  [poison({ category: "processing" }), "unknown: error, retry, healing"],
  [poison({ category: "processing" }, { heals: 1 }), "unknown: critical, person, held, alerted"],
  [poison({ category: "validation" }, { cause: "skipped-behind-sibling" }), "never tried: warning, retry, healing"],
])(
  "of each poison message it is known how bad it is, what helps it, and where it goes (%#)",
  async (failure, expected) => {
    expect(await handled(failure)).toBe(expected);
  },
);

test("what a repair has changed is beside what the client sent", async () => {
  const failure = poison(VALIDATION, {}, { ...ORDER, amount: -50 });
  const repairs = await tryRepairs({ policy: POLICY, repairs: REPAIRS }, failure, failure.body);
  const { decision } = explainDecision(POLICY, { failure, group: undefined, repairs, nowMs: failure.diedAtMs });
  const after = applyDecision(failure, decision, failure.diedAtMs, 0);
  expect(JSON.parse(after.body)).toEqual(ORDER);
  expect(JSON.parse(after.original?.body ?? "")).toEqual({ ...ORDER, amount: -50 });
  expect(after.changes).toMatchObject([{ kind: "repair", by: "negative-amount", diff: ["amount: -50 → 50"] }]);
});

test("the policy is one that recovery takes, and a failure that no rule here decided on waits for a person", () => {
  expect(checkPolicy(POLICY)).toBe(POLICY);
  expect(POLICY_DEFAULTS.otherwise).toEqual(["hold"]);
  expect(assess({ rule: "otherwise", state: "held" })).toEqual({ severity: "error", recoverability: "person" });
});
