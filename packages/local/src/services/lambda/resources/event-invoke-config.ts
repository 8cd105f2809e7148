import type { ResourceProvider } from "../../../kernel/resource.ts";
import { notServed } from "../errors.ts";
import { requestedName } from "../functions/function-name.ts";
import { existingFunction } from "../functions/function-table.ts";
import { deleteInvokeConfigRow, readInvokeConfig, writeInvokeConfig } from "../invocations/invoke-config.ts";
import type { Lambda } from "../lambda.ts";

/** `AWS::Lambda::EventInvokeConfig`. */
export function eventInvokeConfigProvider({ world }: Lambda): ResourceProvider {
  return {
    supported: ["DestinationConfig", "FunctionName", "MaximumEventAgeInSeconds", "MaximumRetryAttempts", "Qualifier"],
    put: async ({ properties }) => {
      if (properties["Qualifier"] !== "$LATEST") throw notServed(`the qualifier ${properties["Qualifier"]}`);
      const functionName = requestedName({ FunctionName: properties["FunctionName"] });
      const config = readInvokeConfig(properties, world.clock.now());
      await world.store.transaction(() => {
        existingFunction(world, functionName);
        writeInvokeConfig(world.store, functionName, config);
      });
      return { ref: functionName, attributes: {} };
    },
    remove: ({ ref }) => world.store.transaction(() => deleteInvokeConfigRow(world.store, ref)),
  };
}
