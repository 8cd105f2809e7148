import type { Action } from "../../../kernel/service.ts";
import { deleteMappingRow, existingMapping, shownMapping } from "../event-sources/mapping.ts";
import { requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** DeleteEventSourceMapping; what it has taken is settled. */
export function deleteEventSourceMapping({ world, sources }: Lambda): Action {
  return async (input) => {
    const mapping = await world.store.transaction(() => {
      const found = existingMapping(world.store, requiredText(input, "UUID"));
      deleteMappingRow(world.store, found.uuid);
      return found;
    });
    const lastResult = sources.lastResult(mapping.uuid);
    sources.remove(mapping.uuid);
    return shownMapping(world, mapping, lastResult, "Deleting");
  };
}
