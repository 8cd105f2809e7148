import { setImmediate } from "node:timers/promises";
import { existingFunction } from "../functions/function-table.ts";
import { type Commits, watchCommits } from "./commits.ts";
import type { Mapping } from "./mapping.ts";
import type { SourceGround } from "./source-kind.ts";
import { batchLength, laneOf, type StreamRecord } from "./stream-batch.ts";
import { moveCheckpoint } from "./stream-checkpoint.ts";
import { deliver } from "./stream-delivery.ts";
import type { StreamSettings } from "./stream-settings.ts";
import { type Place, readAfter, type StreamShard } from "./stream-shard.ts";

/** How long a lane waits at least until it reads again where there was nothing, ms (developer guide, polling and batching streams: 4 times a second). */
const POLL_MS = 250;

/** A read of so many records is not the end of the shard. */
const CATCHING_UP = 100;

/** The part of a shard's items whose records go to the function one batch at a time. */
export interface Lane {
  readonly ground: SourceGround;
  readonly mapping: Mapping;
  readonly settings: StreamSettings;
  readonly shard: StreamShard;
  readonly index: number;
  /** Told how each invocation went, as the API words it. */
  readonly note: (result: string) => void;
}

/** What a lane has read and not yet given to the function. */
interface Reading {
  readonly waiting: StreamRecord[];
  /** Where the next read goes on. */
  place: Place;
}

/**
 * Delivers the lane's records from a place on, until the signal is aborted and what runs is settled.
 * @throws ServiceError where the stream or the function is not there, or the state cannot be written
 */
export async function followLane(lane: Lane, from: Place, signal: AbortSignal): Promise<void> {
  const { ground, mapping } = lane;
  const reading: Reading = { waiting: [], place: from };
  const commits = watchCommits(ground);
  try {
    while (!signal.aborted) {
      existingFunction(ground.world, mapping.functionName);
      await gather(lane, reading, commits, signal);
      if (signal.aborted) break;
      const records = reading.waiting.splice(0, batchLength(reading.waiting, mapping.batchSize));
      if (!(await deliver(lane, records, signal))) return;
    }
  } finally {
    commits.unwatch();
  }
  await passOver(lane, reading, from);
}

/** Records of other lanes that were passed over need not be read again. */
async function passOver(
  { ground, mapping, shard, index }: Lane,
  { waiting, place }: Reading,
  from: Place,
): Promise<void> {
  if (waiting.length > 0 || place === undefined || place === from) return;
  await moveCheckpoint(ground.world, mapping.uuid, shard, index, place);
}

/**
 * Reads until a batch is full, or there are records and its window is over; a window begins as the invocation before
 * it ends (developer guide, batching behavior), and one that ended with no record begins again with the first.
 */
async function gather(lane: Lane, reading: Reading, commits: Commits, signal: AbortSignal): Promise<void> {
  const { clock } = lane.ground.world;
  const windowMs = lane.mapping.windowSeconds * 1_000;
  const { waiting } = reading;
  let windowEnd = clock.now() + windowMs;
  while (!signal.aborted && !isFull(waiting, lane.mapping.batchSize)) {
    const wasEmpty = waiting.length === 0;
    const read = await readMore(lane, reading);
    const now = clock.now();
    if (wasEmpty && waiting.length > 0 && now >= windowEnd) windowEnd = now + windowMs;
    if (isFull(waiting, lane.mapping.batchSize) || (waiting.length > 0 && now >= windowEnd)) return;
    // A long way to the shard's end must not hold up the rest of the region.
    if (read >= CATCHING_UP) await setImmediate();
    else if (waiting.length === 0) await commits.next(now + POLL_MS, undefined, signal);
    else await commits.next(Math.min(now + POLL_MS, windowEnd), windowEnd, signal);
  }
}

/** Returns how many records there were, of this lane and of others. */
async function readMore({ ground, settings, shard, index }: Lane, reading: Reading): Promise<number> {
  const page = await readAfter(ground.world, shard, reading.place);
  const lanes = settings.parallelizationFactor;
  reading.waiting.push(...page.filter((record) => laneOf(record.partition, lanes) === index));
  reading.place = page.at(-1)?.sequenceNumber ?? reading.place;
  return page.length;
}

function isFull(waiting: readonly StreamRecord[], batchSize: number): boolean {
  return waiting.length > 0 && (waiting.length >= batchSize || batchLength(waiting, batchSize) < waiting.length);
}
