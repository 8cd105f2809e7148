import type { Action, World } from "../../../kernel/service.ts";
import { CONDITION_MEMBERS, preparePut } from "../items/prepare.ts";
import { oldItemOnly } from "../request/return-values.ts";
import { writeAction } from "../request/write-action.ts";

/** Creates an item, or replaces the one of its key. */
export function putItem(world: World): Action {
  return writeAction(world, [...CONDITION_MEMBERS, "Item"], preparePut, oldItemOnly);
}
