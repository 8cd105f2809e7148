import type { Action } from "../../../kernel/service.ts";
import { conflict } from "../errors.ts";
import { findMapping, shownMapping } from "../event-sources/mapping.ts";
import { newMapping, putMapping } from "../event-sources/put-mapping.ts";
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
      throw conflict(
        `An event source mapping with SQS arn (" ${before.sourceArn} ") and function (" ${before.functionName} ") already exists. ` +
          `Please update or delete the existing mapping with UUID ${before.uuid}`,
      );
    });
    return shownMapping(world, mapping, sources.lastResult(mapping.uuid));
  };
}
