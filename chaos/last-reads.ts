import type { History } from "./history.ts";

/** What the last read of each key gave; undefined where it was not read. */
export function lastReads({ operations }: History): ReadonlyMap<string, string | null> {
  const reads = new Map<string, string | null>();
  for (const each of operations) if (each.type === "read") reads.set(each.key, each.value);
  return reads;
}
