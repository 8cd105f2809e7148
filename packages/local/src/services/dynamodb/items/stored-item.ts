import type { World } from "../../../kernel/service.ts";
import type { Table } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import type { EncodedKey } from "./key.ts";

/** An item as the state file has it. */
export interface StoredItem {
  readonly item: Item;
  readonly bytes: number;
}

/** What was read by a key, and what the caller is shown of it. */
export interface FoundItem {
  readonly table: Table;
  readonly key: EncodedKey;
  readonly stored: StoredItem | undefined;
  readonly shown: Item | undefined;
}

/** The item of that key, or undefined. */
export function readItem(world: World, table: Table, key: EncodedKey): StoredItem | undefined {
  const row = world.store
    .statement("SELECT bytes, item FROM dynamodb_item WHERE table_id = ? AND hash = ? AND range = ?")
    .get(table.id, key.hash, key.range);
  return row && { item: JSON.parse(String(row["item"])) as Item, bytes: Number(row["bytes"]) };
}
