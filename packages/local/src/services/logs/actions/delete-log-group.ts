import type { Action, World } from "../../../kernel/service.ts";
import { existingGroup, removeGroup } from "../group.ts";
import { groupNameOf } from "../input.ts";
import type { FilterCatalog } from "../metric-filters/filter-catalog.ts";

/** DeleteLogGroup, with its streams and events. */
export function deleteLogGroup({ store }: World, filters: FilterCatalog): Action {
  return async (input) => {
    const name = groupNameOf(input);
    await store.transaction(() => removeGroup(store, existingGroup(store, name).id));
    filters.forget();
    return {};
  };
}
