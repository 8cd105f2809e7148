import type { Action, World } from "../../../kernel/service.ts";
import { CONDITION_MEMBERS, prepareDelete } from "../items/prepare.ts";
import { oldItemOnly } from "../request/return-values.ts";
import { writeAction } from "../request/write-action.ts";

/** Deletes an item; deleting one that is not there succeeds. */
export function deleteItem(world: World): Action {
  return writeAction(world, [...CONDITION_MEMBERS, "Key"], prepareDelete, oldItemOnly);
}
