import { expect, test } from "vitest";
import { sampleFailure } from "../../testing/failure-samples.ts";
import { judgeAll } from "./judge-all.ts";
import { RUN_DEFAULTS } from "./run-options.ts";
import type { MessageFacts } from "./verdict.ts";

const NOW = Date.UTC(2026, 1, 1, 12);

function facts(lineage: string, changes: Partial<MessageFacts> = {}, heals = 0): MessageFacts {
  const failure = sampleFailure({ lineage, heals, groupId: "a", sequenceNumber: lineage });
  return { failure, from: "held", claimDone: false, ...changes };
}

test("the first message of a group that cannot be sent holds the newer ones back; one whose effect is there does not", () => {
  const all = [facts("1", { claimDone: true }), facts("2"), facts("3", { contentIssue: "no id" }), facts("4")];
  const judged = judgeAll(all, [], RUN_DEFAULTS, NOW);
  expect(judged.map(({ verdict }) => verdict)).toEqual(["already-done", "safe", "schema-invalid", "in-quarantine"]);
  expect(judged[3]?.because).toContain("orders:3 is older");
});

test("what is overtaken, healed too often or behind another message is not safe", () => {
  const other = { id: "orders:0", group: "a", sequenceNumber: "0" };
  const verdict = (each: MessageFacts, others: readonly (typeof other)[] = []): unknown =>
    judgeAll([each], others, RUN_DEFAULTS, NOW)[0]?.verdict;
  expect(verdict(facts("1", { lastSequence: "2" }))).toBe("overtaken");
  expect(verdict(facts("1", {}, 3))).toBe("heals-exhausted");
  expect(verdict(facts("1"), [other])).toBe("in-quarantine");
  const { failure } = facts("1");
  expect(verdict(facts("1", { failure: { ...failure, bodyBytes: 1_048_500 } }))).toBe("unsendable");
});
