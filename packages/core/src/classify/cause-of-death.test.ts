import { expect, test } from "vitest";
import { sampleEntry } from "../../testing/index.ts";
import { causeOfDeath, type FunctionReport } from "./cause-of-death.ts";

const { failedAtMs } = sampleEntry();

const report = (outcome: FunctionReport["outcome"], startedAtMs = 0, endedAtMs?: number): FunctionReport => ({
  outcome,
  startedAtMs,
  endedAtMs,
});

test("a final attempt in the journal is the cause, whatever the host says", () => {
  const attempts = [sampleEntry(), sampleEntry({ receiveCount: 2, final: true })];
  expect(causeOfDeath({ attempts, reports: [report("timeout")] })).toEqual({
    cause: "threw",
    evidence: "attempt 2 is journalled: ValidationFailure",
    inferred: false,
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
  const reports = [report(outcome, failedAtMs + 2), report(outcome === "crash" ? "timeout" : "crash", failedAtMs + 1)];
  expect(causeOfDeath({ attempts: [sampleEntry()], reports })).toEqual({
    cause,
    evidence: `no journal entry after attempt 1; its last invocation ended in: ${outcome}`,
    inferred: true,
  });
});

test("a gap without a report is unknown, and says so", () => {
  const unknown = { cause: "unknown", inferred: true };
  expect(causeOfDeath({ attempts: [] })).toEqual({ ...unknown, evidence: "no journal entry" });
  expect(causeOfDeath({ attempts: [sampleEntry()], receiveCount: 3, maxReceiveCount: 2 })).toEqual({
    ...unknown,
    evidence: "receive 2 has no journal entry",
  });
});

test("a last attempt that the queue's limit does not call final is one by its receive count", () => {
  const attempts = [sampleEntry({ receiveCount: 3 })];
  expect(causeOfDeath({ attempts, receiveCount: 3 })).toMatchObject({ cause: "threw", inferred: false });
  expect(causeOfDeath({ attempts, receiveCount: 4 })).toMatchObject({ cause: "unknown" });
});

test("visibility-expired: an attempt that ended when its message was dead", () => {
  const attempts = [sampleEntry({ receiveCount: 2, final: true })];
  expect(causeOfDeath({ attempts, diedAtMs: failedAtMs - 1_001 })).toEqual({
    cause: "visibility-expired",
    evidence: "attempt 2 is journalled: ValidationFailure, when the message was dead-lettered already",
    inferred: false,
  });
  expect(causeOfDeath({ attempts, diedAtMs: failedAtMs - 1_000 }).cause).toBe("threw");
});

test("visibility-expired: the fence refused its settlement", () => {
  const { reason } = sampleEntry();
  const lost = sampleEntry({ deferral: "claim-lost", reason: { ...reason, message: "its visibility had expired" } });
  expect(causeOfDeath({ attempts: [{ ...lost, final: true }] })).toEqual({
    cause: "visibility-expired",
    evidence: "receive 1 is journalled as deferred: its visibility had expired",
    inferred: false,
  });
  expect(causeOfDeath({ attempts: [lost], receiveCount: 2, maxReceiveCount: 2 })).toEqual({
    cause: "visibility-expired",
    evidence: "receive 2 has no journal entry; receive 1 was overtaken by another",
    inferred: true,
  });
});

test.each([
  ["ended when its message was dead", [report("success", 0, 60_000)], {}, "its last invocation ended when"],
  ["ran longer than the visibility", [report("error", 0, 40_000)], { visibilitySeconds: 30 }, "took 40 s"],
  ["began before the one before it had ended", [report("success", 0, 60_000), report("success", 30_000)], {}, "began"],
])("visibility-expired: the host's last invocation %s", (_, reports, more, evidence) => {
  expect(causeOfDeath({ attempts: [], reports, diedAtMs: 55_000, ...more })).toEqual({
    cause: "visibility-expired",
    evidence: expect.stringContaining(evidence),
    inferred: true,
  });
});

test("visibility-expired: the attempt before the last invocation was journalled only after that had begun", () => {
  const reports = [report("success", failedAtMs - 5_000)];
  expect(causeOfDeath({ attempts: [sampleEntry()], reports }).cause).toBe("visibility-expired");
});

test("an invocation that is still running says no more than that", () => {
  expect(causeOfDeath({ attempts: [], reports: [report("running")] })).toMatchObject({
    cause: "unknown",
    evidence: "no journal entry; its last invocation has not ended",
  });
});

test.each([
  ["behind-sibling", "skipped-behind-sibling"],
  ["in-progress", "skipped-behind-sibling"],
  ["handler", "throttled-never-ran"],
  ["journal-unavailable", "throttled-never-ran"],
  ["out-of-time", "throttled-never-ran"],
] as const)("a last receive that was deferred for %s is %s", (deferral, cause) => {
  const attempts = [sampleEntry({ receiveCount: 2, final: true, deferral })];
  expect(causeOfDeath({ attempts })).toMatchObject({ cause, inferred: false });
});
