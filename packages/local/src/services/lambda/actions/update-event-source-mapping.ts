import type { Action } from "../../../kernel/service.ts";
import { conflict } from "../errors.ts";
import { existingMapping, shownMapping } from "../event-sources/mapping.ts";
import { putMapping } from "../event-sources/put-mapping.ts";
import { requestedName } from "../functions/function-name.ts";
import { requiredText } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** UpdateEventSourceMapping: settings change while it works; disabled, it takes nothing and settles what it has taken. */
export function updateEventSourceMapping(lambda: Lambda): Action {
  return async (input) => {
    const { world, sources } = lambda;
    const before = existingMapping(world.store, requiredText(input, "UUID"));
    if (input["FunctionName"] !== undefined && requestedName(input) !== before.functionName) {
      throw conflict("The local region does not move a mapping to another function: delete it and create another.");
    }
    const mapping = await putMapping(lambda, input, before, () => existingMapping(world.store, before.uuid));
    return shownMapping(world, mapping, sources.lastResult(mapping.uuid));
  };
}
