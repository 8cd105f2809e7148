import type { World } from "../../../kernel/service.ts";
import type { EncodedKey } from "../items/key.ts";
import type { Table } from "../tables/table.ts";

/** When and in which region an item of a replicated table was last written, or deleted. */
export interface Stamp {
  /** By the clock of that region, milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly region: string;
}

/**
 * Whether a write outlasts another: the later one does (developer guide, "Global tables", conflict resolution: the last writer wins);
 * of two at the same millisecond, the one of the region whose name sorts after the other's.
 */
export function outlasts(one: Stamp, other: Stamp | undefined): boolean {
  if (!other) return true;
  return one.atMs === other.atMs ? one.region > other.region : one.atMs > other.atMs;
}

/** The stamp of a write that is made here: later than the one that it has seen, whatever the clocks say. */
export function nextStamp({ clock, region }: Pick<World, "clock" | "region">, seen: Stamp | undefined): Stamp {
  return { atMs: Math.max(clock.now(), (seen?.atMs ?? 0) + 1), region };
}

/** The stamp of an item's last write; undefined where it was never written while its table was replicated. */
export function readStamp({ store }: World, table: Table, { hash, range }: EncodedKey): Stamp | undefined {
  const row = store
    .statement("SELECT at_ms, region FROM dynamodb_replica_stamp WHERE table_id = ? AND hash = ? AND range = ?")
    .get(table.id, hash, range);
  return row && { atMs: Number(row["at_ms"]), region: String(row["region"]) };
}

/** Keeps a stamp, also of an item that is gone: an older write must not bring it back. */
export function keepStamp({ store }: World, table: Table, { hash, range }: EncodedKey, stamp: Stamp): void {
  store
    .statement(
      "INSERT INTO dynamodb_replica_stamp VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET at_ms = ?4, region = ?5",
    )
    .run(table.id, hash, range, stamp.atMs, stamp.region);
}
