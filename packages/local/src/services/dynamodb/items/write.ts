import type { World } from "../../../kernel/service.ts";
import { logItem } from "../replicas/change-log.ts";
import type { Stamp } from "../replicas/stamp.ts";
import { validationError } from "../request/errors.ts";
import { recordChange } from "../streams/record.ts";
import type { Index, Table } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import { attribute } from "../values/attribute-value.ts";
import { itemBytes } from "../values/size.ts";
import { checkIndexKeys, type EncodedKey, indexKey, keyItem } from "./key.ts";
import type { StoredItem } from "./stored-item.ts";

/** The largest item, bytes (developer guide, "Service quotas"). */
const LARGEST_ITEM_BYTES = 400 * 1024;

/** What happens to one item; without `after` it goes. */
export interface ItemChange {
  readonly table: Table;
  readonly key: EncodedKey;
  readonly before: StoredItem | undefined;
  readonly after: Item | undefined;
  /** Whether the item goes because it has expired. @default false */
  readonly expired?: boolean;
  /** Of a write that a peer has sent: when and where it was made. @default here and now */
  readonly stamp?: Stamp;
}

/**
 * Writes one item's change with its index entries, its stream record and what replicas are told, inside a transaction.
 * @throws ValidationException for an item that is too large or does not fit an index
 */
export function writeItem(world: World, change: ItemChange): StoredItem | undefined {
  const { table, key, before, after } = change;
  const bytes = after ? itemBytes(after) : 0;
  if (bytes > LARGEST_ITEM_BYTES) throw validationError("Item size has exceeded the maximum allowed size");
  if (after) checkIndexKeys(table, after, before?.item);
  // Every check comes before the first write: a refused item leaves nothing behind.
  const moves = table.indexes.map((index) => indexMove(index, change));
  for (const move of moves) moveIndexEntry(world, change, move);
  if (after) {
    world.store
      .statement(
        "INSERT INTO dynamodb_item VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET bytes = ?4, expires_at_seconds = ?5, item = ?6",
      )
      .run(table.id, key.hash, key.range, bytes, expiresAtSeconds(table, after), JSON.stringify(after));
  } else if (before) {
    world.store
      .statement("DELETE FROM dynamodb_item WHERE table_id = ? AND hash = ? AND range = ?")
      .run(table.id, key.hash, key.range);
  }
  countItems(world, table, (after ? 1 : 0) - (before ? 1 : 0), bytes - (before?.bytes ?? 0));
  recordChange(world, table, { before: before?.item, after, expired: change.expired ?? false });
  logItem(world, change, () => keyItem(table, after ?? before?.item ?? {}));
  return after && { item: after, bytes };
}

/** When the item expires, Unix seconds; null where it does not (developer guide, "Time to Live": a Number, whole seconds). */
export function expiresAtSeconds(table: Table, item: Item): number | null {
  const name = table.definition.ttlAttribute;
  const seconds = name === undefined ? undefined : attribute(item, name)?.N;
  if (seconds === undefined || !/^\d{1,15}$/.test(seconds)) return null;
  return Number(seconds);
}

interface IndexMove {
  readonly index: Index;
  readonly from: EncodedKey | undefined;
  readonly to: EncodedKey | undefined;
}

function indexMove(index: Index, { before, after }: ItemChange): IndexMove {
  return { index, from: before && indexKey(index, before.item), to: after && indexKey(index, after) };
}

function moveIndexEntry(world: World, { table, key }: ItemChange, { index, from, to }: IndexMove): void {
  if (from && to && sameKey(from, to)) return;
  if (from) {
    world.store
      .statement(
        "DELETE FROM dynamodb_index_entry WHERE table_id = ? AND index_name = ? AND hash = ? AND range = ? AND item_hash = ? AND item_range = ?",
      )
      .run(table.id, index.name, from.hash, from.range, key.hash, key.range);
  }
  if (to) addIndexEntry(world, table, index, key, to);
}

/** Enters an item into an index. */
export function addIndexEntry(world: World, table: Table, index: Index, key: EncodedKey, to: EncodedKey): void {
  world.store
    .statement("INSERT INTO dynamodb_index_entry VALUES (?, ?, ?, ?, ?, ?)")
    .run(table.id, index.name, to.hash, to.range, key.hash, key.range);
}

function countItems(world: World, table: Table, items: number, bytes: number): void {
  if (items === 0 && bytes === 0) return;
  world.store
    .statement("UPDATE dynamodb_size SET items = items + ?, bytes = bytes + ? WHERE table_id = ?")
    .run(items, bytes, table.id);
}

function sameKey(left: EncodedKey, right: EncodedKey): boolean {
  return Buffer.compare(left.hash, right.hash) === 0 && Buffer.compare(left.range, right.range) === 0;
}
