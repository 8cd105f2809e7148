import type { Action } from "../../../kernel/service.ts";
import { validationError } from "../errors.ts";
import { requestedName } from "../functions/function-name.ts";
import { reserveConcurrency } from "../functions/reserved-concurrency.ts";
import { integerWithin } from "../input.ts";
import type { Lambda } from "../lambda.ts";

/** PutFunctionConcurrency; 0 stops every new invocation. */
export function putFunctionConcurrency({ world }: Lambda): Action {
  return async (input) => {
    const name = requestedName(input);
    const reserved = integerWithin(input, "ReservedConcurrentExecutions", 0, Number.MAX_SAFE_INTEGER);
    if (reserved === undefined) throw validationError(null, "ReservedConcurrentExecutions", "Member must not be null");
    await world.store.transaction(() => reserveConcurrency(world, name, reserved));
    return { ReservedConcurrentExecutions: reserved };
  };
}
