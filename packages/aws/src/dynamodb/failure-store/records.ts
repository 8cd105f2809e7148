import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import {
  type Approval,
  type AuditEntry,
  type AuditHead,
  type FailedMessage,
  type FailureGroup,
  type FailureSummary,
  failureSummary,
  forgottenAtMs,
  isOver,
  KEPT_MS,
  noTotals,
  type QueueTotals,
  type RedriveRun,
} from "@reliq/core/recovery";
import type { Item } from "../statements.ts";
import { approvalKey, auditKey, failureKey, groupKey, headKey, place, runKey } from "./keys.ts";

/** A record under its key, as a map. */
export function recordItem(key: Item, record: object, listed: object = {}): Item {
  return { ...key, ...marshall({ ...listed, record }, { removeUndefinedValues: true }) };
}

/** The record of an item. */
export function readRecord<Kept>(item: Item): Kept {
  return unmarshall({ record: item["record"] ?? { M: {} } })["record"] as Kept;
}

/** A failed message: what lists show is the record, the rest is beside it and in no index. */
export function failureItem(failure: FailedMessage): Item {
  const { body, bodyAt, attributes, attempts, changes, original, reason } = failure;
  const content = { body, bodyAt, attributes, attempts, changes, original, stack: reason.stack };
  return recordItem(failureKey(failure.id), failureSummary(failure), { content, ...failureLists(failure) });
}

/** A failed message of its item; undefined where it is forgotten. */
export function readFailure(item: Item | undefined, nowMs: number): FailedMessage | undefined {
  if (!item) return undefined;
  const summary = readRecord<FailureSummary>(item);
  if (isForgotten(summary, nowMs)) return undefined;
  const { stack, ...content } = unmarshall({ content: item["content"] ?? { M: {} } })["content"];
  return { ...summary, ...content, reason: { ...summary.reason, stack } };
}

/** Whether DynamoDB may have deleted it: it does so up to days late. */
export function isForgotten(failure: Pick<FailedMessage, "state" | "updatedAtMs">, nowMs: number): boolean {
  return (forgottenAtMs(failure) ?? Number.POSITIVE_INFINITY) <= nowMs;
}

/** A group, listed by when it was seen last. */
export function groupItem(group: FailureGroup): Item {
  const { id, queue, state, lastSeenAtMs } = group;
  const listed = { byQueue: `group#${queue}`, byState: `group#${queue}#${state}`, at: place(lastSeenAtMs, id) };
  return recordItem(groupKey(id), group, listed);
}

/** A run, listed by when it was started. */
export function runItem(run: RedriveRun): Item {
  return recordItem(runKey(run.id), run, { byQueue: "run", at: place(run.startedAtMs, run.id) });
}

/** An approval, listed by when it was asked for; one that is over is forgotten after 90 days. */
export function approvalItem(approval: Approval): Item {
  const { id, state, askedAtMs, updatedAtMs } = approval;
  const listed = { byQueue: "approval", byState: `approval#${state}`, at: place(askedAtMs, id) };
  const forgotten = isOver(approval) ? { expiresAt: Math.floor((updatedAtMs + KEPT_MS) / 1_000) } : {};
  return recordItem(approvalKey(id), approval, { ...listed, ...forgotten });
}

/** An entry of the audit, as the very text whose hash is in it. */
export function auditItem(entry: AuditEntry): Item {
  return { ...auditKey(entry.chain, entry.sequence), entry: { S: JSON.stringify(entry) } };
}

/** The entry of an item. */
export function readAuditItem(item: Item): AuditEntry {
  return JSON.parse(item["entry"]?.S ?? "null");
}

/** A chain's end. */
export function headItem({ chain, sequence, hash }: AuditHead): Item {
  return { ...headKey(chain), ...marshall({ chain, sequence, hash }) };
}

/** The end that an item is. */
export function readHead(item: Item | undefined): AuditHead | undefined {
  if (!item) return undefined;
  const { chain, sequence, hash } = unmarshall(item);
  return { chain, sequence, hash };
}

/** The totals of an item. */
export function readTotals(item: Item): QueueTotals {
  const { queue, deaths = 0, sends = 0, ...counts } = unmarshall(item);
  const { states } = noTotals(queue);
  const counted = Object.keys(states).map((state) => [state, counts[state] ?? 0]);
  return { queue, states: Object.fromEntries(counted), deaths, sends };
}

function failureLists({ id, queue, state, reason, cause, groupId, ...failure }: FailedMessage): object {
  const waitingSinceMs = state === "healing" ? failure.dueAtMs : failure.requeuedAtMs;
  const isWaiting = (state === "healing" || state === "requeued") && waitingSinceMs !== undefined;
  const forgottenMs = forgottenAtMs({ state, updatedAtMs: failure.updatedAtMs });
  return {
    byQueue: `failure#${queue}`,
    byState: `failure#${queue}#${state}`,
    byCategory: `${queue}#${reason.category}`,
    byCause: `${queue}#${cause}`,
    byFingerprint: `${queue}#${reason.fingerprint}#${state}`,
    ...(groupId !== undefined && { byMessageGroup: `${queue}#${groupId}` }),
    at: place(failure.capturedAtMs, id),
    ...(isWaiting && { byDue: `${queue}#${state}`, dueAt: place(waitingSinceMs, id) }),
    ...(forgottenMs !== undefined && { expiresAt: Math.floor(forgottenMs / 1_000) }),
  };
}
