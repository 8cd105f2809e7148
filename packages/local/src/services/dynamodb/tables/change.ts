import type { World } from "../../../kernel/service.ts";
import { encodeKey, indexKey } from "../items/key.ts";
import { readRows } from "../items/rows.ts";
import { addIndexEntry, expiresAtSeconds } from "../items/write.ts";
import { shareTable } from "../replicas/share-table.ts";
import { closeStream, openStream } from "../streams/stream.ts";
import { saveTable } from "./catalog.ts";
import type { Index, Table, TableDefinition } from "./table.ts";

/**
 * Brings a table to another definition with the same key and keeps its items, inside a transaction:
 * indexes are filled or emptied, expiries are noted anew, and replicas are told of what was changed here.
 */
export function changeTable(
  world: World,
  table: Table,
  wanted: TableDefinition,
  origin: "here" | "peer" = "here",
): Table {
  const changed = saveTable(world, wanted);
  const shapes = (indexes: readonly Index[]): Set<string> => new Set(indexes.map(shapeOf));
  const [before, after] = [shapes(table.indexes), shapes(changed.indexes)];
  for (const index of table.indexes) if (!after.has(shapeOf(index))) removeIndex(world, table, index);
  for (const index of changed.indexes) if (!before.has(shapeOf(index))) fillIndex(world, changed, index);
  changeStream(world, table.definition, wanted);
  if (table.definition.ttlAttribute !== wanted.ttlAttribute) noteExpiries(world, changed);
  if (origin === "here") shareTable(world, table.definition, changed);
  return changed;
}

/** What an index's entries depend on. */
function shapeOf({ name, key }: Index): string {
  return JSON.stringify([name, key]);
}

function changeStream(world: World, { stream: before }: TableDefinition, wanted: TableDefinition): void {
  const { stream: after } = wanted;
  if (before?.label === after?.label && before?.enabled === after?.enabled) return;
  if (before?.enabled) closeStream(world, wanted.TableName);
  if (after?.enabled) openStream(world, wanted);
}

function removeIndex(world: World, table: Table, index: Index): void {
  world.store
    .statement("DELETE FROM dynamodb_index_entry WHERE table_id = ? AND index_name = ?")
    .run(table.id, index.name);
}

/** Items whose attributes cannot be the index's key stay out of it, as on AWS. */
function fillIndex(world: World, table: Table, index: Index): void {
  for (const { item } of readRows(world, { table, index: undefined, forward: true, after: undefined })) {
    const to = indexKey(index, item);
    if (to) addIndexEntry(world, table, index, encodeKey(table.key, item), to);
  }
}

function noteExpiries(world: World, table: Table): void {
  const rows = [...readRows(world, { table, index: undefined, forward: true, after: undefined })];
  for (const { item } of rows) {
    const key = encodeKey(table.key, item);
    world.store
      .statement("UPDATE dynamodb_item SET expires_at_seconds = ? WHERE table_id = ? AND hash = ? AND range = ?")
      .run(expiresAtSeconds(table, item), table.id, key.hash, key.range);
  }
}
