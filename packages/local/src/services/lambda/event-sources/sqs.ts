import { existingFunction } from "../functions/function-table.ts";
import { batchesAllowed, mostBatches } from "./concurrency.ts";
import type { Mapping } from "./mapping.ts";
import { sleep } from "./sleep.ts";
import type { EventSource, SourceGround, SourceKind } from "./source-kind.ts";
import { runBatch } from "./sqs-batch.ts";
import { batchesOf, type SqsBatch } from "./sqs-event.ts";
import { gather } from "./sqs-gather.ts";
import { openQueue, type SourceQueue } from "./sqs-queue.ts";
import { checkSqsMapping, readSqsMapping, SQS_MEMBERS } from "./sqs-settings.ts";

/** How long a source waits where its queue or its function is not there, or the state cannot be written, ms. */
const AFTER_FAILURE_MS = 1_000;

/** How often a busy source looks whether it may run more batches, ms. */
const GROWTH_MS = 1_000;

/** Amazon SQS as an event source. */
export const sqsSource: SourceKind = {
  supported: SQS_MEMBERS,
  batchSize: 10,
  alreadyExists: ({ sourceArn, functionName }) =>
    `An event source mapping with SQS arn (" ${sourceArn} ") and function (" ${functionName} ") already exists.`,
  read: readSqsMapping,
  check: checkSqsMapping,
  start: startSqsSource,
};

interface State {
  readonly ground: SourceGround;
  mapping: Mapping;
  queue?: SourceQueue | undefined;
  lastResult: string;
  /** What has been taken and is not settled. */
  readonly running: Set<Promise<void>>;
  busySinceMs: number;
  readonly closing: AbortController;
  /** Ends the receive that is under way. */
  polling: AbortController;
  /** Ends the wait for room: a batch has ended, or the mapping has changed. */
  waiting: AbortController;
}

/**
 * One poller takes batches and does not wait for their ends: as many run at once as the mapping may, and an idle source is one
 * long poll. A group of a FIFO queue is never in two batches, since SQS gives none of it while one of its messages is in flight.
 */
function startSqsSource(mapping: Mapping, ground: SourceGround): EventSource {
  const state: State = {
    ground,
    mapping,
    lastResult: "No records processed",
    running: new Set(),
    busySinceMs: 0,
    closing: new AbortController(),
    polling: new AbortController(),
    waiting: new AbortController(),
  };
  const ended = pollUntilClosed(state);
  return {
    update: (next) => {
      state.mapping = next;
      state.waiting.abort();
      if (!next.enabled) state.polling.abort();
    },
    stop: () => {
      state.closing.abort();
      state.waiting.abort();
      state.polling.abort();
      return ended;
    },
    lastResult: () => state.lastResult,
  };
}

async function pollUntilClosed(state: State): Promise<void> {
  const { clock } = state.ground.world;
  while (!state.closing.signal.aborted) {
    state.polling = new AbortController();
    state.waiting = new AbortController();
    const { signal } = state.waiting;
    if (!mayTake(state)) await sleep(clock, nextGrowth(state), signal);
    else if (!(await take(state))) await sleep(clock, clock.now() + AFTER_FAILURE_MS, signal);
  }
  await Promise.all(state.running);
}

function mayTake({ ground, mapping, running, busySinceMs }: State): boolean {
  const busyMs = running.size === 0 ? 0 : ground.world.clock.now() - busySinceMs;
  return mapping.enabled && running.size < batchesAllowed(mapping.maximumConcurrency, busyMs);
}

/** When to look again, unless a batch ends before or the mapping changes. */
function nextGrowth({ ground, mapping, running }: State): number | undefined {
  const full = !mapping.enabled || running.size >= mostBatches(mapping.maximumConcurrency);
  return full ? undefined : ground.world.clock.now() + GROWTH_MS;
}

/** Returns whether the source works. */
async function take(state: State): Promise<boolean> {
  const { mapping, polling } = state;
  const { world } = state.ground;
  try {
    // Messages that are taken with no function to run would only use up their receives.
    existingFunction(world, mapping.functionName);
    state.queue ??= await openQueue(world, mapping.sourceArn);
    const { queue } = state;
    const messages = await gather(queue, mapping, state.ground, polling.signal);
    const batches = batchesOf(messages, mapping.sourceArn, world.region);
    const fifo = mapping.sourceArn.endsWith(".fifo");
    for (const inOrder of fifo ? [batches] : batches.map((batch) => [batch])) run(state, queue, inOrder);
    return true;
  } catch (error) {
    state.queue = undefined;
    tell(state, `PROBLEM: ${String(error)}`);
    return false;
  }
}

function run(state: State, queue: SourceQueue, batches: readonly SqsBatch[]): void {
  if (batches.length === 0) return;
  const { running, ground } = state;
  if (running.size === 0) state.busySinceMs = ground.world.clock.now();
  const work = runInOrder(state, queue, batches)
    .catch((error: unknown) => tell(state, `PROBLEM: ${String(error)}`))
    .finally(() => {
      running.delete(work);
      state.waiting.abort("a batch has ended");
    });
  running.add(work);
}

/** What lies behind a failure in a FIFO queue is left too: it comes again, in order. */
async function runInOrder(state: State, queue: SourceQueue, batches: readonly SqsBatch[]): Promise<void> {
  for (const batch of batches) {
    const { word, handledAll } = await runBatch(state.ground, queue, state.mapping, batch, state.closing.signal);
    state.lastResult = word;
    if (!handledAll) return;
  }
}

/** Tells a trouble of the source itself once, for as long as it lasts. */
function tell(state: State, result: string): void {
  const { ground, mapping, lastResult } = state;
  if (result !== lastResult) ground.world.report(`${mapping.sourceArn} to ${mapping.functionName}: ${result}`);
  state.lastResult = result;
}
