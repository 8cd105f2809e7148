import type { Action } from "../../../kernel/service.ts";
import { requestedName } from "../functions/function-name.ts";
import { existingFunction } from "../functions/function-table.ts";
import { readInvokeConfig, shownInvokeConfig, writeInvokeConfig } from "../invocations/invoke-config.ts";
import type { Lambda } from "../lambda.ts";

/** PutFunctionEventInvokeConfig: what it leaves out goes back to its default. */
export function putFunctionEventInvokeConfig({ world }: Lambda): Action {
  return async (input) => {
    const name = requestedName(input);
    const config = readInvokeConfig(input, world.clock.now());
    await world.store.transaction(() => {
      existingFunction(world, name);
      writeInvokeConfig(world.store, name, config);
    });
    return shownInvokeConfig(world, name, config);
  };
}
