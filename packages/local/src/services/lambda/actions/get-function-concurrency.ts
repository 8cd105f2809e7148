import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { existingFunction } from "../functions/function-table.ts";
import type { Lambda } from "../lambda.ts";

/** GetFunctionConcurrency. */
export function getFunctionConcurrency({ world }: Lambda): Action {
  return (input) => {
    const { reservedConcurrency } = existingFunction(world, requestedName(input));
    return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
  };
}
