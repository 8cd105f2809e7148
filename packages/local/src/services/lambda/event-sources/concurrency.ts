import { availableParallelism } from "node:os";
import { MOST_ENVIRONMENTS } from "../../../runtime/pool.ts";

/** How many batches Lambda runs at once for a queue that has just got busy, and how many more each second of it (developer guide, SQS scaling: 300 a minute). */
const AT_FIRST = 5;
const MORE_PER_SECOND = 5;

/** The most batches at once for a mapping that names no maximum: there are processes behind it, not a data centre. */
const UNNAMED_MAXIMUM = Math.max(AT_FIRST, 4 * availableParallelism());

/** The most batches that a mapping ever runs at once here. */
export function mostBatches(maximumConcurrency: number | undefined): number {
  return Math.min(maximumConcurrency ?? UNNAMED_MAXIMUM, MOST_ENVIRONMENTS);
}

/** How many batches a mapping may run at once, by how long it has been busy. */
export function batchesAllowed(maximumConcurrency: number | undefined, busyMs: number): number {
  const grown = AT_FIRST + MORE_PER_SECOND * Math.floor(busyMs / 1_000);
  return Math.min(grown, mostBatches(maximumConcurrency));
}
