import type { SQLInputValue } from "node:sqlite";
import type { World } from "../../../kernel/service.ts";
import type { Bounds } from "../expressions/key-condition.ts";
import type { Index, Table } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import type { StoredItem } from "./stored-item.ts";

/** A place in the order of a table or an index, after which reading goes on. */
export interface Position {
  readonly hash: Uint8Array;
  readonly range: Uint8Array;
  /** In an index: the item's own key, because several items can have one index key. */
  readonly itemHash: Uint8Array;
  readonly itemRange: Uint8Array;
}

/** What to read, in which order. */
export interface ReadRange {
  readonly table: Table;
  readonly index: Index | undefined;
  /** One hash key, with bounds of the range key: a query. */
  readonly hash?: Uint8Array;
  readonly bounds?: Bounds;
  /** The first four bytes of the hashes, from and to: a segment of a scan. */
  readonly segment?: Bounds;
  readonly forward: boolean;
  readonly after: Position | undefined;
}

/** The items of a range, in its order; nothing else may run until the reader is done. */
export function* readRows(world: World, range: ReadRange): Generator<StoredItem> {
  const { sql, parameters } = select(range);
  for (const row of world.store.statement(sql).iterate(...parameters)) {
    yield { item: JSON.parse(String(row["item"])) as Item, bytes: Number(row["bytes"]) };
  }
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

function select(read: ReadRange): Statement {
  const { table, index, hash, bounds = {}, segment = {}, forward, after } = read;
  const where: string[] = ["e.table_id = ?"];
  const parameters: SQLInputValue[] = [table.id];
  const add = (condition: string, ...values: readonly SQLInputValue[]): void => {
    where.push(condition);
    parameters.push(...values);
  };
  if (index) add("e.index_name = ?", index.name);
  if (hash) add("e.hash = ?", hash);
  addBounds(add, "e.range", bounds);
  addBounds(add, "e.hash", segment);
  const order = [...(hash ? [] : ["e.hash"]), "e.range", ...(index ? ["e.item_hash", "e.item_range"] : [])];
  if (after) {
    const position = [after.hash, after.range, after.itemHash, after.itemRange].slice(hash ? 1 : 0);
    const values = position.slice(0, order.length);
    add(`(${order.join(", ")}) ${forward ? ">" : "<"} (${values.map(() => "?").join(", ")})`, ...values);
  }
  const direction = forward ? "" : " DESC";
  return {
    sql: `${index ? FROM_INDEX : FROM_TABLE} WHERE ${where.join(" AND ")} ORDER BY ${order.map((each) => each + direction).join(", ")}`,
    parameters,
  };
}

const FROM_TABLE = "SELECT e.bytes, e.item FROM dynamodb_item e";

/** CROSS JOIN: SQLite then reads the index's entries in their order, and looks each item up. */
const FROM_INDEX =
  "SELECT i.bytes, i.item FROM dynamodb_index_entry e CROSS JOIN dynamodb_item i ON i.table_id = e.table_id AND i.hash = e.item_hash AND i.range = e.item_range";

function addBounds(
  add: (condition: string, ...values: readonly SQLInputValue[]) => void,
  column: string,
  { low, includesLow, high, includesHigh }: Bounds,
): void {
  if (low) add(`${column} >${includesLow ? "=" : ""} ?`, low);
  if (high) add(`${column} <${includesHigh ? "=" : ""} ?`, high);
}
