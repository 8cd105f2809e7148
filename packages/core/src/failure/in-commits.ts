import { chunks } from "../chunks.ts";

/** The most failed messages of one commit: with counts, groups and the audit's entry they stay under the 100 writes of a transaction. */
export const MOST_FAILURES = 20;

/** Cuts what is about one failed message each into lists that one commit takes, in order. */
export function inCommits<T>(records: readonly T[]): readonly (readonly T[])[] {
  return chunks(records, MOST_FAILURES);
}
