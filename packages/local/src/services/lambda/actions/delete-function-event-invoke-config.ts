import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { deleteInvokeConfigRow, existingInvokeConfig } from "../invocations/invoke-config.ts";
import type { Lambda } from "../lambda.ts";

/** DeleteFunctionEventInvokeConfig. */
export function deleteFunctionEventInvokeConfig({ world }: Lambda): Action {
  return async (input) => {
    const name = requestedName(input);
    await world.store.transaction(() => {
      existingInvokeConfig(world, name);
      deleteInvokeConfigRow(world.store, name);
    });
    return {};
  };
}
