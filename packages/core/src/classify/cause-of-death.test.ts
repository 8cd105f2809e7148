import { expect, test } from "vitest";
import { sampleEntry } from "../../testing/index.ts";
import { causeOfDeath, type FunctionReport } from "./cause-of-death.ts";

const report = (outcome: FunctionReport["outcome"], startedAtMs = 0): FunctionReport => ({ outcome, startedAtMs });

test("a final attempt in the journal is the cause, whatever the host says", () => {
  const attempts = [sampleEntry(), sampleEntry({ receiveCount: 2, final: true })];
  expect(causeOfDeath({ attempts, reports: [report("timeout")] })).toEqual({
    cause: "threw",
    evidence: "attempt 2 is journalled: ValidationFailure",
  });
});

test.each([
  ["timeout", "timed-out"],
  ["crash", "crashed"],
  ["out-of-memory", "crashed"],
  ["init-error", "crashed"],
  ["throttled", "throttled-never-ran"],
  ["error", "threw"],
  ["success", "unknown"],
] as const)("a gap whose last invocation ended in %s is %s", (outcome, cause) => {
  const reports = [report(outcome, 2), report(outcome === "crash" ? "timeout" : "crash", 1)];
  expect(causeOfDeath({ attempts: [sampleEntry()], reports })).toEqual({
    cause,
    evidence: `no journal entry after attempt 1; its last invocation ended in: ${outcome}`,
  });
});

test("a gap without a report is unknown, and says so", () => {
  expect(causeOfDeath({ attempts: [], reports: [] })).toEqual({
    cause: "unknown",
    evidence: "no journal entry after attempt 0",
  });
});
