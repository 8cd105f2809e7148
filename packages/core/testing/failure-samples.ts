import {
  type AuditRecord,
  type FailedMessage,
  type FailureGroup,
  failureId,
  type GroupCount,
  groupId,
} from "../src/recovery/index.ts";
import { sampleEntry } from "./journal-contract.ts";

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

/** A failed message for tests, held after its first death; `changes` say what matters to the test. */
export function sampleFailure(changes: Partial<FailedMessage> = {}): FailedMessage {
  const { queue = "orders", lineage = "m-1" } = changes;
  const diedAtMs = changes.capturedAtMs ?? Date.UTC(2026, 1, 1);
  return {
    id: failureId(queue, lineage),
    queue,
    lineage,
    messageId: lineage,
    state: "held",
    version: 1,
    reason: { ...sampleEntry().reason, fingerprint: "1:00000000deadbeef" },
    cause: "threw",
    evidence: "attempt 3 is journalled: ValidationFailure",
    inferred: false,
    consumer: "orders",
    attempts: [
      { receiveCount: 3, failedAtMs: diedAtMs, errorName: "ValidationFailure", message: "storeId: is missing" },
    ],
    receiveCount: 3,
    deaths: 1,
    sends: 0,
    heals: 0,
    body: '{"orderId":"o-1"}',
    attributes: {},
    bodyBytes: 17,
    sentAtMs: diedAtMs - 60_000,
    capturedAtMs: diedAtMs,
    diedAtMs,
    updatedAtMs: diedAtMs,
    rule: "default",
    because: "no rule matches",
    alert: false,
    changes: [],
    ...changes,
  };
}

/** An audit record for tests. */
export function sampleAudit(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    chain: "orders",
    atMs: Date.UTC(2026, 1, 1),
    by: "reliq",
    action: "captured",
    subjects: [],
    details: {},
    ...changes,
  };
}

/** One death of a sample group's message, counted. */
export function sampleCount(queue: string, changes: Partial<GroupCount> = {}): GroupCount {
  const { fingerprint, category, severity, errorName, message } = sampleGroup();
  return {
    group: groupId(queue, fingerprint),
    deaths: 1,
    heals: 0,
    relapses: 0,
    atMs: Date.UTC(2026, 1, 1),
    first: { queue, fingerprint, category, severity, errorName, message },
    ...changes,
  };
}
