import { randomUUID } from "node:crypto";
import type { Action } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { requestedName } from "../functions/function-name.ts";
import { functionConfiguration } from "../functions/function-record.ts";
import { readSettings } from "../functions/function-settings.ts";
import { existingFunction, writeFunction } from "../functions/function-table.ts";
import { optionalText, refuseOthers } from "../input.ts";
import type { Lambda } from "../lambda.ts";

const SUPPORTED: readonly string[] = [
  "FunctionName",
  "RevisionId",
  "Runtime",
  "Handler",
  "Role",
  "Description",
  "Timeout",
  "MemorySize",
  "Environment",
  "TracingConfig",
  "DeadLetterConfig",
  "LoggingConfig",
];

/** UpdateFunctionConfiguration; running invocations end on the old settings. */
export function updateFunctionConfiguration({ world, pool }: Lambda): Action {
  return async (input) => {
    const name = requestedName(input);
    refuseOthers(input, SUPPORTED, "UpdateFunctionConfiguration");
    const updated = await world.store.transaction(() => {
      const before = existingFunction(world, name);
      const wanted = optionalText(input, "RevisionId");
      if (wanted !== undefined && wanted !== before.revision) throw staleRevision();
      const record = { ...readSettings(input, before), revision: randomUUID(), modifiedMs: world.clock.now() };
      writeFunction(world.store, record);
      return record;
    });
    pool.retire(name);
    return functionConfiguration(world, updated);
  };
}

function staleRevision(): ServiceError {
  return new ServiceError(
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId",
    { status: 412 },
  );
}
