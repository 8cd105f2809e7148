import type { FailureGroup } from "../src/recovery/index.ts";

/** A failure group for tests; `changes` say what matters to the test. */
export function sampleGroup(changes: Partial<FailureGroup> = {}): FailureGroup {
  return {
    id: "orders:1:00000000deadbeef",
    queue: "orders",
    fingerprint: "1:00000000deadbeef",
    state: "open",
    version: 1,
    category: "validation",
    severity: "error",
    errorName: "ValidationFailure",
    message: "storeId: is missing",
    firstSeenAtMs: Date.UTC(2026, 1, 1),
    lastSeenAtMs: Date.UTC(2026, 1, 1),
    deaths: 1,
    heals: 0,
    relapses: 0,
    healsWhenArmed: 0,
    relapsesWhenArmed: 0,
    healing: "armed",
    ...changes,
  };
}
