import { randomUUID } from "node:crypto";
import type { InvocationReport } from "../../../runtime/running.ts";
import { isThrottled } from "../errors.ts";
import { failedMessages } from "./failed-messages.ts";
import { sleep } from "./sleep.ts";
import {
  afterInvocation,
  eventOf,
  expiredCount,
  newBatch,
  type StreamBatch,
  type StreamRecord,
} from "./stream-batch.ts";
import { moveCheckpoint } from "./stream-checkpoint.ts";
import { tellDiscarded } from "./stream-discard.ts";
import type { Lane } from "./stream-lane.ts";

/** How long a batch waits until it is tried again, ms: at first, and at most. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/**
 * Gives records to the function until each is handled or discarded, in order; the checkpoint follows what is settled.
 * Returns false where the signal was aborted before: what is left comes again from the checkpoint.
 * @throws ServiceError where the function is not there, or the state cannot be written
 */
export async function deliver(lane: Lane, records: readonly StreamRecord[], signal: AbortSignal): Promise<boolean> {
  const batches = [newBatch(records)];
  for (;;) {
    const batch = batches.shift();
    if (!batch) return true;
    if (signal.aborted) return false;
    batches.unshift(...(await deliverBatch(lane, batch, signal)));
  }
}

/** Returns what is left of the batch, to be tried next. */
async function deliverBatch(lane: Lane, batch: StreamBatch, signal: AbortSignal): Promise<readonly StreamBatch[]> {
  const fresh = await discardExpired(lane, batch);
  if (fresh.records.length === 0) return [];
  const invoked = await invoke(lane, fresh);
  if (!invoked) {
    const again = { ...fresh, throttles: fresh.throttles + 1 };
    await pause(lane, again.throttles, signal);
    return [again];
  }
  const { handled, left, exhausted } = afterInvocation(invoked.batch, invoked.firstFailed, lane.settings);
  await settle(lane, fresh.records.slice(0, handled));
  const [first] = left;
  // A region that stops ends invocations itself: that is no reason to discard their records.
  if (!first || signal.aborted) return left;
  if (exhausted) {
    await tellDiscarded(lane, first, "RetryAttemptsExhausted");
    await settle(lane, first.records);
    return [];
  }
  if (first.invocations > 0) await pause(lane, first.invocations, signal);
  return left;
}

async function discardExpired(lane: Lane, batch: StreamBatch): Promise<StreamBatch> {
  const { records } = batch;
  const count = expiredCount(records, lane.settings.maximumRecordAgeSeconds, lane.ground.world.clock.now());
  if (count === 0) return batch;
  const expired = records.slice(0, count);
  await tellDiscarded(lane, { ...batch, records: expired }, "RecordAgeExceeded");
  await settle(lane, expired);
  return { ...batch, records: records.slice(count) };
}

/** Returns the batch with its invocation and the index of the first record that failed, or nothing where no concurrency was left. */
async function invoke(
  { ground, mapping, note }: Lane,
  batch: StreamBatch,
): Promise<{ readonly batch: StreamBatch; readonly firstFailed: number } | undefined> {
  const requestId = randomUUID();
  let report: InvocationReport;
  try {
    const { functionName } = mapping;
    const newestMs = (batch.records.at(-1)?.createdSeconds ?? 0) * 1_000;
    const iteratorAgeMs = Math.max(0, ground.world.clock.now() - newestMs);
    report = await ground.invoker.invoke({ functionName, requestId, event: eventOf(batch), iteratorAgeMs });
  } catch (error) {
    if (!isThrottled(error)) throw error;
    return undefined;
  }
  note(report.outcome.kind === "success" ? "OK" : "PROBLEM: Function call failed");
  const ids = batch.records.map((record) => record.sequenceNumber);
  const failed = new Set(failedMessages(report.outcome, ids, mapping.reportsFailures));
  const firstFailed = ids.findIndex((id) => failed.has(id));
  return {
    batch: { ...batch, last: { requestId, report } },
    firstFailed: firstFailed === -1 ? ids.length : firstFailed,
  };
}

/** Only after its batch is settled does the checkpoint move: killed between, the batch comes again, and none is skipped. */
async function settle({ ground, mapping, shard, index }: Lane, records: readonly StreamRecord[]): Promise<void> {
  const last = records.at(-1);
  if (last) await moveCheckpoint(ground.world, mapping.uuid, shard, index, last.sequenceNumber);
}

function pause({ ground }: Lane, tries: number, signal: AbortSignal): Promise<void> {
  const { clock } = ground.world;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return sleep(clock, clock.now() + waitMs, signal);
}
