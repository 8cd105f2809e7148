import type { Action, Members, World } from "../../../kernel/service.ts";
import { project } from "../expressions/projection.ts";
import type { Path } from "../expressions/scope.ts";
import { type EncodedKey, keyOfRequest, keyText } from "../items/key.ts";
import { readItem } from "../items/stored-item.ts";
import { capacityDetail, readUnits, showAllCapacity } from "../request/capacity.ts";
import { validationError } from "../request/errors.ts";
import { asMap, constraint, flag, refuseOthers, requiredList, requiredMap } from "../request/members.ts";
import { needTable } from "../tables/catalog.ts";
import type { Table } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import { parseItem } from "../values/validate.ts";
import { readProjection } from "./get-item.ts";

const TABLE_MEMBERS = ["Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"];

/** Most keys, and most bytes of items, of one request (developer guide, "Service quotas"). */
const MOST_KEYS = 100;
const MOST_BYTES = 16 * 1024 * 1024;

interface TableRequest {
  /** The table as the caller named it. */
  readonly name: string;
  readonly table: Table;
  readonly raw: Members;
  readonly keys: readonly { readonly item: Item; readonly key: EncodedKey }[];
  readonly paths: readonly Path[] | undefined;
  readonly consistent: boolean;
}

/** Reads many items by their keys; what exceeds 16 MB is left for the caller's next request. */
export function batchGetItem(world: World): Action {
  return (input) => {
    refuseOthers(input, ["RequestItems", "ReturnConsumedCapacity"]);
    const detail = capacityDetail(input);
    const requests = readRequests(world, requiredMap(input, "RequestItems"));
    const responses = new Map<string, Item[]>();
    const unprocessed = new Map<string, Members>();
    let bytes = 0;
    const consumed = requests.map((request) => {
      const { name, table, keys, paths, consistent } = request;
      const found: Item[] = [];
      const left: Item[] = [];
      let units = 0;
      for (const { item, key } of keys) {
        const stored = bytes > MOST_BYTES ? undefined : readItem(world, table, key);
        bytes += stored?.bytes ?? 0;
        if (bytes > MOST_BYTES) left.push(item);
        else {
          units += readUnits(stored?.bytes ?? 0, consistent);
          if (stored) found.push(paths ? project(stored.item, paths) : stored.item);
        }
      }
      responses.set(name, found);
      if (left.length > 0) unprocessed.set(name, { ...request.raw, Keys: left });
      return { table, consumed: { table: units, indexes: new Map() } };
    });
    return {
      Responses: Object.fromEntries(responses),
      UnprocessedKeys: Object.fromEntries(unprocessed),
      ...showAllCapacity(detail, () => consumed),
    };
  };
}

function readRequests(world: World, raw: Members): readonly TableRequest[] {
  const requests = Object.entries(raw).map(([name, each]) => readRequest(world, name, asMap(each, name)));
  const count = requests.reduce((sum, each) => sum + each.keys.length, 0);
  if (count === 0) throw constraint("{}", "RequestItems", "Member must have length greater than or equal to 1");
  if (count > MOST_KEYS) throw validationError("Too many items requested for the BatchGetItem call");
  return requests;
}

function readRequest(world: World, name: string, raw: Members): TableRequest {
  refuseOthers(raw, TABLE_MEMBERS);
  const items = requiredList(raw, "Keys").map((each) => parseItem(each));
  if (items.length === 0) {
    throw constraint("[]", `RequestItems.${name}.member.keys`, "Member must have length greater than or equal to 1");
  }
  const table = needTable(world, name);
  const paths = readProjection(raw, table);
  const keys = items.map((item) => ({ item, key: keyOfRequest(table.key, item) }));
  if (new Set(keys.map(({ key }) => keyText(table, key))).size < keys.length) {
    throw validationError("Provided list of item keys contains duplicates");
  }
  return { name, table, raw, keys, paths, consistent: flag(raw, "ConsistentRead") };
}
