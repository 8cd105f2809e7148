import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { functionConfiguration } from "../functions/function-record.ts";
import { existingFunction } from "../functions/function-table.ts";
import type { Lambda } from "../lambda.ts";

/** GetFunctionConfiguration. */
export function getFunctionConfiguration({ world }: Lambda): Action {
  return (input) => functionConfiguration(world, existingFunction(world, requestedName(input)));
}
