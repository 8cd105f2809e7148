import type { Action, World } from "../../../kernel/service.ts";
import { applyMutation } from "../items/mutation.ts";
import { CONDITION_MEMBERS, preparePut } from "../items/prepare.ts";
import { capacityDetail, showCapacity, writtenUnits } from "../request/capacity.ts";
import { refuseOthers } from "../request/members.ts";
import { oldItemOnly } from "../request/return-values.ts";

const MEMBERS = [...CONDITION_MEMBERS, "Item", "ReturnValues", "ReturnConsumedCapacity"];

/** Creates an item, or replaces the one of its key. */
export function putItem(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const detail = capacityDetail(input);
    const showOld = oldItemOnly(input);
    return world.store.transaction(() => {
      const mutation = preparePut(world, input);
      const written = applyMutation(world, mutation);
      return {
        ...(showOld && written.before && { Attributes: written.before.item }),
        ...(detail !== "NONE" && showCapacity(detail, mutation.table, writtenUnits(mutation.table, written))),
      };
    });
  };
}
