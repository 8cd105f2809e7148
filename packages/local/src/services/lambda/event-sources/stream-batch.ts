import { createHash } from "node:crypto";
import type { InvocationReport } from "../../../runtime/running.ts";
import type { StreamSettings } from "./stream-settings.ts";

/** The largest event of one invocation, bytes (Lambda quotas, synchronous invocation payload). */
const LARGEST_EVENT_BYTES = 6 * 1_048_576;

const ENVELOPE_BYTES = '{"Records":[]}'.length;

/** How long a stream's records can be read, seconds (DynamoDB developer guide, change data capture: 24 hours). */
const RETENTION_SECONDS = 86_400;

export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly createdSeconds: number;
  /** The value of the item's partition key. */
  readonly partition: string;
  /** The record of the event, as JSON. */
  readonly text: string;
}

/** Records that go to the function together, in order. */
export interface StreamBatch {
  readonly records: readonly StreamRecord[];
  /** How often the function has run on exactly these. */
  readonly invocations: number;
  /** How often in a row no concurrency was left for them. */
  readonly throttles: number;
  /** The last invocation that had them, also among others. */
  readonly last: { readonly requestId: string; readonly report: InvocationReport } | undefined;
}

/** What follows an invocation. */
export interface Settlement {
  /** How many records at the front are settled. */
  readonly handled: number;
  /** The batches that are left, in order. */
  readonly left: readonly StreamBatch[];
  /** Whether the first that is left has used up its retries. */
  readonly exhausted: boolean;
}

export function newBatch(records: readonly StreamRecord[]): StreamBatch {
  return { records, invocations: 0, throttles: 0, last: undefined };
}

/** Which of a shard's lanes an item's records belong to: always the same, so that its records keep their order. */
export function laneOf(partition: string, lanes: number): number {
  return lanes === 1 ? 0 : createHash("sha256").update(partition).digest().readUInt32BE() % lanes;
}

/** How many records at the front make a batch: up to its size, and to the limit of an event's size. */
export function batchLength(records: readonly StreamRecord[], batchSize: number): number {
  let bytes = ENVELOPE_BYTES;
  const most = Math.min(records.length, batchSize);
  for (let length = 0; length < most; length += 1) {
    bytes += Buffer.byteLength(records[length]?.text ?? "") + 1;
    if (bytes > LARGEST_EVENT_BYTES) return Math.max(1, length);
  }
  return most;
}

export function eventOf({ records }: StreamBatch): string {
  return `{"Records":[${records.map((record) => record.text).join(",")}]}`;
}

/** How many records at the front are past the mapping's maximum age, or past their expiry. */
export function expiredCount(records: readonly StreamRecord[], maximumAgeSeconds: number, nowMs: number): number {
  const limitSeconds = maximumAgeSeconds === -1 ? RETENTION_SECONDS : Math.min(maximumAgeSeconds, RETENTION_SECONDS);
  const fresh = records.findIndex((record) => nowMs - record.createdSeconds * 1_000 <= limitSeconds * 1_000);
  return fresh === -1 ? records.length : fresh;
}

/**
 * What follows an invocation whose first failed record is at `firstFailed`; at the end of the batch, none failed. The records
 * before it are settled, and those from it on are a batch of their own; with nothing settled the batch is halved where the
 * mapping bisects, which uses up no retry, or else is retried (developer guide, partial batch responses with DynamoDB, and
 * retaining discarded records).
 */
export function afterInvocation(
  { records, invocations, last }: StreamBatch,
  firstFailed: number,
  { bisects, maximumRetryAttempts }: StreamSettings,
): Settlement {
  const part = (start: number, end?: number): StreamBatch => ({ ...newBatch(records.slice(start, end)), last });
  if (firstFailed >= records.length) return { handled: records.length, left: [], exhausted: false };
  if (firstFailed > 0) return { handled: firstFailed, left: [part(firstFailed)], exhausted: false };
  if (bisects && records.length > 1) {
    const middle = Math.ceil(records.length / 2);
    return { handled: 0, left: [part(0, middle), part(middle)], exhausted: false };
  }
  const tried = { records, invocations: invocations + 1, throttles: 0, last };
  return {
    handled: 0,
    left: [tried],
    exhausted: maximumRetryAttempts !== -1 && tried.invocations > maximumRetryAttempts,
  };
}
