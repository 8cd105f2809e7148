import type { Action } from "../../../kernel/service.ts";
import { conflict } from "../errors.ts";
import { findMapping, shownMapping } from "../event-sources/mapping.ts";
import { newMapping, putMapping } from "../event-sources/put-mapping.ts";
import { sourceKind } from "../event-sources/sources.ts";
import { requestedName } from "../functions/function-name.ts";
import { requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** CreateEventSourceMapping; it is at work when the answer comes. */
export function createEventSourceMapping(lambda: Lambda): Action {
  return async (input) => {
    const { world, sources } = lambda;
    const before = newMapping(requestedName(input), requiredText(input, "EventSourceArn"));
    const mapping = await putMapping(lambda, input, before, () => {
      if (!findMapping(world.store, before.uuid)) return;
      const subject = sourceKind(before.sourceArn).alreadyExists(before);
      throw conflict(`${subject} Please update or delete the existing mapping with UUID ${before.uuid}`);
    });
    return shownMapping(world, mapping, sources.lastResult(mapping.uuid));
  };
}
