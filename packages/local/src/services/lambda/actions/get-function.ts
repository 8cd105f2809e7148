import { pathToFileURL } from "node:url";
import type { Action } from "../../../kernel/service.ts";
import { codeDirectory } from "../functions/function-code.ts";
import { requestedName } from "../functions/function-name.ts";
import { functionConfiguration } from "../functions/function-record.ts";
import { existingFunction } from "../functions/function-table.ts";
import type { Lambda } from "../lambda.ts";

/** GetFunction; the code's location is a directory of this machine. */
export function getFunction({ world }: Lambda): Action {
  return (input) => {
    const record = existingFunction(world, requestedName(input));
    const { reservedConcurrency, tags } = record;
    return {
      Configuration: functionConfiguration(world, record),
      Code: {
        RepositoryType: "S3",
        Location: pathToFileURL(codeDirectory(world.store.directory, record.codeHash)).href,
      },
      Tags: tags,
      ...(reservedConcurrency !== undefined && { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  };
}
