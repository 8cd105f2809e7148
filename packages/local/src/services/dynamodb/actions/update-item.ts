import type { Action, World } from "../../../kernel/service.ts";
import { applyMutation } from "../items/mutation.ts";
import { CONDITION_MEMBERS, prepareUpdate } from "../items/prepare.ts";
import { capacityDetail, showCapacity, writtenUnits } from "../request/capacity.ts";
import { refuseOthers } from "../request/members.ts";
import { returnValues, updatedValues } from "../request/return-values.ts";

const MEMBERS = [...CONDITION_MEMBERS, "Key", "UpdateExpression", "ReturnValues", "ReturnConsumedCapacity"];

/** Changes attributes of an item, and creates it where it is missing. */
export function updateItem(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const detail = capacityDetail(input);
    const wanted = returnValues(input);
    return world.store.transaction(() => {
      const mutation = prepareUpdate(world, input);
      const written = applyMutation(world, mutation);
      return {
        ...updatedValues(wanted, mutation.paths, written),
        ...(detail !== "NONE" && showCapacity(detail, mutation.table, writtenUnits(mutation.table, written))),
      };
    });
  };
}
