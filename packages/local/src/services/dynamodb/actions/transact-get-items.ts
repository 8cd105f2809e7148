import type { Action, World } from "../../../kernel/service.ts";
import { checkApart, checkCount } from "../items/transaction.ts";
import { capacityDetail, readUnits, showAllCapacity } from "../request/capacity.ts";
import { asMap, refuseOthers, requiredList, requiredMap } from "../request/members.ts";
import { readOne } from "./get-item.ts";

const MEMBERS = ["TableName", "Key", "ProjectionExpression", "ExpressionAttributeNames"];

/** Reads up to 100 items as they were at one moment. */
export function transactGetItems(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TransactItems", "ReturnConsumedCapacity"]);
    const detail = capacityDetail(input);
    const items = requiredList(input, "TransactItems");
    checkCount("TransactItems", items);
    const reads = items.map((each) => {
      const item = asMap(each, "TransactItem");
      refuseOthers(item, ["Get"]);
      const get = requiredMap(item, "Get");
      refuseOthers(get, MEMBERS);
      return readOne(world, get);
    });
    checkApart(reads);
    const consumed = reads.map(({ table, stored }) => {
      return { table, consumed: { table: 2 * readUnits(stored?.bytes ?? 0, true), indexes: new Map() } };
    });
    return {
      Responses: reads.map(({ shown }) => (shown ? { Item: shown } : {})),
      ...showAllCapacity(detail, () => consumed, "ReadCapacityUnits"),
    };
  };
}
