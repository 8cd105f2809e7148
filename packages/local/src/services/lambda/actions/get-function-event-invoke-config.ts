import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { existingInvokeConfig, shownInvokeConfig } from "../invocations/invoke-config.ts";
import type { Lambda } from "../lambda.ts";

/** GetFunctionEventInvokeConfig. */
export function getFunctionEventInvokeConfig({ world }: Lambda): Action {
  return (input) => {
    const name = requestedName(input);
    return shownInvokeConfig(world, name, existingInvokeConfig(world, name));
  };
}
