import type { Action, World } from "../../../kernel/service.ts";
import { bindKeyCondition, type KeyRange } from "../expressions/key-condition.ts";
import { checkAllUsed, readScope } from "../expressions/scope.ts";
import { readPage } from "../items/page.ts";
import { readPosition } from "../items/position.ts";
import type { Position } from "../items/rows.ts";
import { capacityDetail, pageUnits, showCapacity } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { optionalInteger, optionalMap, optionalText, refuseOthers, requiredText } from "../request/members.ts";
import { readConsistency, readFilter, readIndex, SEARCH_MEMBERS } from "../request/search.ts";
import { readSelection, showPage } from "../request/selection.ts";
import { needTable } from "../tables/catalog.ts";
import { parseItem } from "../values/validate.ts";

const MEMBERS = [...SEARCH_MEMBERS, "KeyConditionExpression", "ScanIndexForward"];

/** Reads the items of one hash key, of a table or an index, in the order of the range key. */
export function query(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const detail = capacityDetail(input);
    const limit = optionalInteger(input, "Limit", 1);
    const table = needTable(world, requiredText(input, "TableName"));
    const scope = readScope(input, table, ["FilterExpression", "KeyConditionExpression", "ProjectionExpression"]);
    const index = readIndex(input, table);
    const consistent = readConsistency(input, index);
    const schema = (index ?? table).key;
    const text = optionalText(input, "KeyConditionExpression");
    if (text === undefined) {
      throw validationError(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
      );
    }
    const keys = bindKeyCondition(scope, schema, text, index);
    const filter = readFilter(input, scope, index, schema);
    const selection = readSelection(input, scope, index);
    checkAllUsed(scope);
    const start = optionalMap(input, "ExclusiveStartKey");
    const after = start && readPosition(table, index, parseItem(start));
    if (after) checkWithin(after, keys);
    const range = { table, index, ...keys, forward: input["ScanIndexForward"] !== false, after };
    const page = readPage(world, { range, limit, filter, fetch: selection.fetch });
    return { ...showPage(selection, page), ...showCapacity(detail, table, pageUnits(index, page, consistent)) };
  };
}

function checkWithin({ hash, range }: Position, keys: KeyRange): void {
  if (Buffer.compare(hash, keys.hash) !== 0) {
    throw validationError("The provided starting key is outside query boundaries based on provided conditions");
  }
  const { low, includesLow, high, includesHigh } = keys.bounds;
  const fromLow = low ? Buffer.compare(range, low) : 1;
  const toHigh = high ? Buffer.compare(high, range) : 1;
  if (fromLow > 0 && toHigh > 0) return;
  if (fromLow >= (includesLow ? 0 : 1) && toHigh >= (includesHigh ? 0 : 1)) return;
  throw validationError("The provided starting key does not match the range key predicate");
}
