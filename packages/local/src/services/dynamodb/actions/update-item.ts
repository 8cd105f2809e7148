import type { Action, World } from "../../../kernel/service.ts";
import { CONDITION_MEMBERS, prepareUpdate } from "../items/prepare.ts";
import { updatedValues } from "../request/return-values.ts";
import { writeAction } from "../request/write-action.ts";

/** Changes attributes of an item, and creates it where it is missing. */
export function updateItem(world: World): Action {
  return writeAction(world, [...CONDITION_MEMBERS, "Key", "UpdateExpression"], prepareUpdate, updatedValues);
}
