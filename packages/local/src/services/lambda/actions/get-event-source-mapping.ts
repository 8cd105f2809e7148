import type { Action } from "../../../kernel/service.ts";
import { existingMapping, shownMapping } from "../event-sources/mapping.ts";
import { requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** GetEventSourceMapping. */
export function getEventSourceMapping({ world, sources }: Lambda): Action {
  return (input) => {
    const mapping = existingMapping(world.store, requiredText(input, "UUID"));
    return shownMapping(world, mapping, sources.lastResult(mapping.uuid));
  };
}
