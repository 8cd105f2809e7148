import type { World } from "../../../kernel/service.ts";
import type { Condition } from "../expressions/condition.ts";
import { type Index, keyAttributes, type Table } from "../tables/table.ts";
import { type Item, pick } from "../values/attribute-value.ts";
import { itemBytes } from "../values/size.ts";
import { type ReadRange, readRows } from "./rows.ts";

/** The most that one page reads, bytes (developer guide, "Paginating table query results"). */
const PAGE_BYTES = 1024 * 1024;

/** One page of a query or a scan. */
export interface Page {
  readonly items: readonly Item[];
  readonly scanned: number;
  /** The bytes that were read of the table or the index. */
  readonly bytes: number;
  /** The bytes of the items that had to be fetched from the table because the index lacks attributes. */
  readonly fetched: readonly number[];
  readonly lastKey: Item | undefined;
}

/** How to read a page. */
export interface PageRequest {
  readonly range: ReadRange;
  readonly limit: number | undefined;
  readonly filter: Condition | undefined;
  /** Whether attributes that a local index lacks are fetched from the table. */
  readonly fetch: boolean;
}

/** Reads one page: at most `limit` items before the filter, and at most 1 MB. */
export function readPage(world: World, { range, limit, filter, fetch }: PageRequest): Page {
  const { table, index } = range;
  const items: Item[] = [];
  const fetched: number[] = [];
  let [scanned, bytes] = [0, 0];
  for (const stored of readRows(world, range)) {
    const shown = index?.projected ? pick(stored.item, index.projected) : stored.item;
    const size = index?.projected ? itemBytes(shown) : stored.bytes;
    const item = fetch ? stored.item : shown;
    scanned++;
    bytes += size;
    if (fetch) fetched.push(stored.bytes);
    if (!filter || filter(item)) items.push(item);
    if (scanned === limit || bytes > PAGE_BYTES) {
      return { items, scanned, bytes, fetched, lastKey: positionKey(table, index, stored.item) };
    }
  }
  return { items, scanned, bytes, fetched, lastKey: undefined };
}

/** The attributes that name an item's place in a table or an index. */
function positionKey(table: Table, index: Index | undefined, item: Item): Item {
  const attributes = [...keyAttributes(table.key), ...(index ? keyAttributes(index.key) : [])];
  return pick(item, new Set(attributes.map((each) => each.name)));
}
