import type { Members } from "../../../kernel/service.ts";
import { indexKey } from "../items/key.ts";
import type { Written } from "../items/mutation.ts";
import type { Page } from "../items/page.ts";
import type { StoredItem } from "../items/stored-item.ts";
import type { Index, Table } from "../tables/table.ts";
import { pick } from "../values/attribute-value.ts";
import { itemBytes } from "../values/size.ts";
import { optionalChoice } from "./members.ts";

/** Capacity units by where they were consumed. */
export interface Consumed {
  readonly table: number;
  readonly indexes: ReadonlyMap<Index, number>;
}

/** What ReturnConsumedCapacity asks for. */
export type CapacityDetail = "INDEXES" | "TOTAL" | "NONE";

/** A read of 4 KB is one unit where it is consistent, and half of one otherwise; transactions take twice as much. */
const READ_UNIT_BYTES = 4096;

/** A write of 1 KB is one unit; transactions take twice as much. */
const WRITE_UNIT_BYTES = 1024;

/** Reads ReturnConsumedCapacity. @default "NONE" */
export function capacityDetail(input: Members): CapacityDetail {
  return optionalChoice(input, "ReturnConsumedCapacity", ["INDEXES", "TOTAL", "NONE"]) ?? "NONE";
}

/** The units of reading one item. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES)) * (consistent ? 1 : 0.5);
}

/** The units of one write with its index entries (developer guide, "DynamoDB throughput capacity"). */
export function writtenUnits(table: Table, { before, after }: Written): Consumed {
  const bytes = Math.max(before?.bytes ?? 0, after?.bytes ?? 0);
  const indexes = new Map<Index, number>();
  for (const index of table.indexes) {
    const units = indexUnits(index, before, after);
    if (units > 0) indexes.set(index, units);
  }
  return { table: writeUnits(bytes), indexes };
}

/** The units of a page of a query or a scan. */
export function pageUnits(index: Index | undefined, page: Page, consistent: boolean): Consumed {
  const read = Math.ceil(page.bytes / READ_UNIT_BYTES) * (consistent ? 1 : 0.5) || (consistent ? 1 : 0.5);
  if (!index) return { table: read, indexes: new Map() };
  const fetched = page.fetched.reduce((sum, bytes) => sum + readUnits(bytes, consistent), 0);
  return { table: fetched, indexes: new Map([[index, read]]) };
}

/** The ConsumedCapacity member of an answer, where it was asked for. */
export function showCapacity(detail: CapacityDetail, table: Table, consumed: Consumed): Members {
  return detail === "NONE" ? {} : { ConsumedCapacity: capacityOf(detail, table, consumed) };
}

/** One table's ConsumedCapacity. */
function capacityOf(detail: CapacityDetail, table: Table, consumed: Consumed): Members {
  const total = [...consumed.indexes.values()].reduce((sum, units) => sum + units, consumed.table);
  const summary = { TableName: table.name, CapacityUnits: total };
  if (detail !== "INDEXES") return summary;
  return {
    ...summary,
    Table: { CapacityUnits: consumed.table },
    ...indexCapacity("GlobalSecondaryIndexes", consumed, true),
    ...indexCapacity("LocalSecondaryIndexes", consumed, false),
  };
}

/** The ConsumedCapacity member of an answer about several tables, where it was asked for: one element a table. Units are counted only then. */
export function showAllCapacity(
  detail: CapacityDetail,
  all: () => readonly { readonly table: Table; readonly consumed: Consumed }[],
  kind?: "ReadCapacityUnits" | "WriteCapacityUnits",
): Members {
  if (detail === "NONE") return {};
  const byTable = Map.groupBy(all(), (each) => each.table);
  return {
    ConsumedCapacity: [...byTable].map(([table, list]) => {
      const capacity = capacityOf(detail, table, addUnits(list.map((each) => each.consumed)));
      return kind ? { ...capacity, [kind]: capacity["CapacityUnits"] } : capacity;
    }),
  };
}

/** Capacity units of several reads or writes of one table together. */
export function addUnits(all: readonly Consumed[], factor = 1): Consumed {
  const indexes = new Map<Index, number>();
  let table = 0;
  for (const each of all) {
    table += each.table * factor;
    for (const [index, units] of each.indexes) indexes.set(index, (indexes.get(index) ?? 0) + units * factor);
  }
  return { table, indexes };
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / WRITE_UNIT_BYTES));
}

function indexUnits(index: Index, before: StoredItem | undefined, after: StoredItem | undefined): number {
  const [from, to] = [entryOf(index, before), entryOf(index, after)];
  if (from && to && from.key === to.key) {
    return from.text === to.text ? 0 : writeUnits(Math.max(from.bytes, to.bytes));
  }
  return (from ? writeUnits(from.bytes) : 0) + (to ? writeUnits(to.bytes) : 0);
}

function entryOf(
  index: Index,
  stored: StoredItem | undefined,
): { key: string; text: string; bytes: number } | undefined {
  const key = stored && indexKey(index, stored.item);
  if (!stored || !key) return undefined;
  const shown = index.projected ? pick(stored.item, index.projected) : stored.item;
  return {
    key: `${Buffer.from(key.hash).toString("hex")}/${Buffer.from(key.range).toString("hex")}`,
    text: JSON.stringify(shown),
    bytes: itemBytes(shown),
  };
}

function indexCapacity(member: string, { indexes }: Consumed, global: boolean): Members {
  const shown = [...indexes].filter(([index]) => index.global === global);
  if (shown.length === 0) return {};
  return { [member]: Object.fromEntries(shown.map(([index, units]) => [index.name, { CapacityUnits: units }])) };
}
