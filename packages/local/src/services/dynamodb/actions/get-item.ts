import type { Action, Members, World } from "../../../kernel/service.ts";
import { bindProjection, project } from "../expressions/projection.ts";
import { checkAllUsed, type Path, readScope } from "../expressions/scope.ts";
import { keyOfRequest } from "../items/key.ts";
import { type FoundItem, readItem } from "../items/stored-item.ts";
import { capacityDetail, readUnits, showCapacity } from "../request/capacity.ts";
import { flag, optionalText, refuseOthers, requiredMap, requiredText } from "../request/members.ts";
import { needTable } from "../tables/catalog.ts";
import type { Table } from "../tables/table.ts";
import { parseItem } from "../values/validate.ts";

const MEMBERS = [
  "TableName",
  "Key",
  "ConsistentRead",
  "ProjectionExpression",
  "ExpressionAttributeNames",
  "ReturnConsumedCapacity",
];

/** Reads one item by its key. */
export function getItem(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const detail = capacityDetail(input);
    const { table, stored, shown } = readOne(world, input);
    const units = { table: readUnits(stored?.bytes ?? 0, flag(input, "ConsistentRead")), indexes: new Map() };
    return { ...(shown && { Item: shown }), ...showCapacity(detail, table, units) };
  };
}

/** Reads the item that a Get names, and what its projection shows of it. */
export function readOne(world: World, input: Members): FoundItem {
  const item = parseItem(requiredMap(input, "Key"));
  const table = needTable(world, requiredText(input, "TableName"));
  const paths = readProjection(input, table);
  const key = keyOfRequest(table.key, item);
  const stored = readItem(world, table, key);
  return { table, key, stored, shown: stored && paths ? project(stored.item, paths) : stored?.item };
}

/** The paths of a request's ProjectionExpression; undefined: everything. */
export function readProjection(input: Members, table: Table): readonly Path[] | undefined {
  const scope = readScope(input, table, ["ProjectionExpression"]);
  const text = optionalText(input, "ProjectionExpression");
  const paths = text === undefined ? undefined : bindProjection(scope, text);
  checkAllUsed(scope);
  return paths;
}
