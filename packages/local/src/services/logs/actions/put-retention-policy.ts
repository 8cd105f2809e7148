import type { Action, World } from "../../../kernel/service.ts";
import { existingGroup, setRetention } from "../group.ts";
import { groupNameOf } from "../input.ts";
import { readRetention, removeExpiredEvents } from "../retention.ts";

/** PutRetentionPolicy. */
export function putRetentionPolicy(world: World): Action {
  return async (input) => {
    const name = groupNameOf(input);
    const days = readRetention(input, "retentionInDays");
    await world.store.transaction(() => setRetention(world.store, existingGroup(world.store, name).id, days));
    await removeExpiredEvents(world);
    return {};
  };
}
