import type { Action, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { refuseOthers } from "../request/members.ts";
import { addTable, findTable } from "../tables/catalog.ts";
import { describeTable } from "../tables/description.ts";
import { DEFINITION_MEMBERS, parseDefinition } from "../tables/parse-definition.ts";

/** Creates a table; it can be used at once. */
export function createTable(world: World): Action {
  return (input) => {
    refuseOthers(input, DEFINITION_MEMBERS);
    const definition = parseDefinition(input, world.clock.now());
    return world.store.transaction(() => {
      if (findTable(world, definition.TableName)) {
        throw new ServiceError("ResourceInUseException", `Table already exists: ${definition.TableName}`);
      }
      const table = addTable(world, definition);
      return { TableDescription: describeTable(world, table.definition, "CREATING") };
    });
  };
}
