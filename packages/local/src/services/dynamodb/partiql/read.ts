import type { World } from "../../../kernel/service.ts";
import { project } from "../expressions/projection.ts";
import { type Path, resolvePath } from "../expressions/scope.ts";
import { encodeHash, encodeScalar, keyOfRequest } from "../items/key.ts";
import { type Page, readPage } from "../items/page.ts";
import { readPosition } from "../items/position.ts";
import type { ReadRange } from "../items/rows.ts";
import { type FoundItem, readItem } from "../items/stored-item.ts";
import { validationError } from "../request/errors.ts";
import { readIndex } from "../request/search.ts";
import { needTable } from "../tables/catalog.ts";
import { type Index, keyAttributes, type Table } from "../tables/table.ts";
import { attribute, type Item } from "../values/attribute-value.ts";
import { type StatementRequest, statementScope } from "./request.ts";
import type { SelectBody } from "./statement.ts";
import { readWhere, type Where } from "./where.ts";

/** A page of a SELECT. */
export interface SelectedPage {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly page: Page;
  readonly items: readonly Item[];
}

/** Reads one page of a SELECT: by its key where the WHERE names one, and the whole table otherwise. @throws ValidationException */
export function selectPage(
  world: World,
  request: StatementRequest,
  body: SelectBody,
  { limit, startKey }: { readonly limit: number | undefined; readonly startKey: Item | undefined },
): SelectedPage {
  const table = needTable(world, body.table);
  const index = readIndex({ IndexName: body.index }, table);
  const scope = statementScope(request, table);
  const where = readWhere(scope, (index ?? table).key, body.where);
  const paths = body.paths?.map((each) => resolvePath(scope, "ProjectionExpression", each));
  const range: ReadRange = {
    table,
    index,
    ...keyRange(index ?? table, where),
    forward: isForward(body, (path) => resolvePath(scope, "ProjectionExpression", path), index ?? table),
    after: startKey && readPosition(table, index, startKey),
  };
  const page = readPage(world, { range, limit, filter: filterOf(index ?? table, where), fetch: false });
  return { table, index, page, items: page.items.map((item) => show(item, paths)) };
}

/** Reads the one item that a SELECT names by its whole key and nothing else, as a batch's must. @throws ValidationException */
export function selectOne(world: World, request: StatementRequest, body: SelectBody): FoundItem {
  const table = needTable(world, body.table);
  const scope = statementScope(request, table);
  const where = readWhere(scope, table.key, body.where);
  const whole = keyAttributes(table.key).every(({ name }) => Object.hasOwn(where.key, name));
  if (!whole || where.rest || body.index !== undefined) throw validationError("Only single item select is supported");
  const paths = body.paths?.map((each) => resolvePath(scope, "ProjectionExpression", each));
  const key = keyOfRequest(table.key, where.key);
  const stored = readItem(world, table, key);
  return { table, key, stored, shown: stored && show(stored.item, paths) };
}

function show(item: Item, paths: readonly Path[] | undefined): Item {
  return paths ? project(item, paths) : item;
}

function keyRange({ key }: Table | Index, where: Where): Pick<ReadRange, "hash" | "bounds"> {
  const hash = attribute(where.key, key.hash.name);
  if (!hash) return {};
  const range = key.range && attribute(where.key, key.range.name);
  const at = range && encodeScalar(range);
  return {
    hash: encodeHash(hash),
    ...(at && { bounds: { low: at, includesLow: true, high: at, includesHigh: true } }),
  };
}

/** Without the hash key, an equality on the range key is one more condition. */
function filterOf({ key }: Table | Index, where: Where): ((item: Item) => boolean) | undefined {
  const range = key.range && attribute(where.key, key.range.name);
  if (!key.range || !range || Object.hasOwn(where.key, key.hash.name)) return where.rest;
  const { name } = key.range;
  const wanted = JSON.stringify(range);
  return (item) => JSON.stringify(attribute(item, name)) === wanted && (where.rest?.(item) ?? true);
}

function isForward(
  { order, where }: SelectBody,
  resolve: (path: NonNullable<SelectBody["order"]>["path"]) => Path,
  { key }: Table | Index,
): boolean {
  if (!order) return true;
  if (!where) throw validationError("Must have WHERE clause in the statement when using ORDER BY clause.");
  const [name] = resolve(order.path);
  if (name !== key.range?.name) {
    throw validationError("The local region supports ORDER BY for the range key of one hash key.");
  }
  return !order.descending;
}
