import type { Action, World } from "../../../kernel/service.ts";
import { applyMutation } from "../items/mutation.ts";
import { CONDITION_MEMBERS, prepareDelete } from "../items/prepare.ts";
import { capacityDetail, showCapacity, writtenUnits } from "../request/capacity.ts";
import { refuseOthers } from "../request/members.ts";
import { oldItemOnly } from "../request/return-values.ts";

const MEMBERS = [...CONDITION_MEMBERS, "Key", "ReturnValues", "ReturnConsumedCapacity"];

/** Deletes an item; deleting one that is not there succeeds. */
export function deleteItem(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const detail = capacityDetail(input);
    const showOld = oldItemOnly(input);
    return world.store.transaction(() => {
      const mutation = prepareDelete(world, input);
      const written = applyMutation(world, mutation);
      return {
        ...(showOld && written.before && { Attributes: written.before.item }),
        ...(detail !== "NONE" && showCapacity(detail, mutation.table, writtenUnits(mutation.table, written))),
      };
    });
  };
}
