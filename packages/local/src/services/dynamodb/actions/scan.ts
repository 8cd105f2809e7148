import type { Action, Members, World } from "../../../kernel/service.ts";
import type { Bounds } from "../expressions/key-condition.ts";
import { checkAllUsed, readScope } from "../expressions/scope.ts";
import { readPage } from "../items/page.ts";
import { readPosition } from "../items/position.ts";
import type { Position } from "../items/rows.ts";
import { capacityDetail, pageUnits, showCapacity } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { optionalInteger, optionalMap, refuseOthers, requiredText } from "../request/members.ts";
import { readConsistency, readFilter, readIndex, SEARCH_MEMBERS } from "../request/search.ts";
import { readSelection, showPage } from "../request/selection.ts";
import { needTable } from "../tables/catalog.ts";
import { parseItem } from "../values/validate.ts";

const MEMBERS = [...SEARCH_MEMBERS, "Segment", "TotalSegments"];

/** Most segments of a parallel scan (API reference, Scan). */
const MOST_SEGMENTS = 1_000_000;

/** Reads a whole table or index, page by page, in no order that means anything. */
export function scan(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const detail = capacityDetail(input);
    const limit = optionalInteger(input, "Limit", 1);
    const segment = readSegment(input);
    const table = needTable(world, requiredText(input, "TableName"));
    const scope = readScope(input, table, ["FilterExpression", "ProjectionExpression"]);
    const index = readIndex(input, table);
    const consistent = readConsistency(input, index);
    const filter = readFilter(input, scope, index);
    const selection = readSelection(input, scope, index);
    checkAllUsed(scope);
    const start = optionalMap(input, "ExclusiveStartKey");
    const after = start && readPosition(table, index, parseItem(start));
    if (after) checkWithin(after, segment);
    const range = { table, index, segment, forward: true, after };
    const page = readPage(world, { range, limit, filter, fetch: selection.fetch });
    return { ...showPage(selection, page), ...showCapacity(detail, table, pageUnits(index, page, consistent)) };
  };
}

/** The hashes of one segment: the first four bytes are spread evenly, and so are the segments. */
function readSegment(input: Members): Bounds {
  const total = optionalInteger(input, "TotalSegments", 1, MOST_SEGMENTS);
  const segment = optionalInteger(input, "Segment", 0, MOST_SEGMENTS - 1);
  if (total === undefined && segment === undefined) return {};
  if (total === undefined) {
    throw validationError(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (segment === undefined) {
    throw validationError(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (segment >= total) {
    throw validationError(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
  const edge = (position: number): Uint8Array => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(Math.ceil((position * 2 ** 32) / total));
    return bytes;
  };
  const low = { low: edge(segment), includesLow: true };
  return segment + 1 === total ? low : { ...low, high: edge(segment + 1) };
}

function checkWithin({ hash }: Position, { low, high }: Bounds): void {
  if ((!low || Buffer.compare(hash, low) >= 0) && (!high || Buffer.compare(hash, high) < 0)) return;
  throw validationError(
    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment.",
  );
}
