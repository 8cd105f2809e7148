import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { reserveConcurrency } from "../functions/reserved-concurrency.ts";
import type { Lambda } from "../lambda.ts";

/** DeleteFunctionConcurrency. */
export function deleteFunctionConcurrency({ world }: Lambda): Action {
  return async (input) => {
    const name = requestedName(input);
    await world.store.transaction(() => reserveConcurrency(world, name, undefined));
    return {};
  };
}
