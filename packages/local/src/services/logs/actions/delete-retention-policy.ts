import type { Action, World } from "../../../kernel/service.ts";
import { existingGroup, setRetention } from "../group.ts";
import { groupNameOf } from "../input.ts";

/** DeleteRetentionPolicy: events are kept for ever. */
export function deleteRetentionPolicy({ store }: World): Action {
  return async (input) => {
    const name = groupNameOf(input);
    await store.transaction(() => setRetention(store, existingGroup(store, name).id, null));
    return {};
  };
}
