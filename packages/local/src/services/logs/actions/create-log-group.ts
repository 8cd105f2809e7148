import type { Action, World } from "../../../kernel/service.ts";
import { insertGroup } from "../group.ts";
import { groupNameOf } from "../input.ts";

/** CreateLogGroup. */
export function createLogGroup(world: World): Action {
  return async (input) => {
    const name = groupNameOf(input);
    await world.store.transaction(() => insertGroup(world, name));
    return {};
  };
}
