import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { deleteFunctionRow, existingFunction } from "../functions/function-table.ts";
import type { Lambda } from "../lambda.ts";

/** DeleteFunction, with its asynchronous events; running invocations end. Its event source mappings stay, as on AWS. */
export function deleteFunction({ world, pool }: Lambda): Action {
  return async (input) => {
    const name = requestedName(input);
    await world.store.transaction(() => {
      existingFunction(world, name);
      deleteFunctionRow(world.store, name);
    });
    pool.retire(name);
    return {};
  };
}
