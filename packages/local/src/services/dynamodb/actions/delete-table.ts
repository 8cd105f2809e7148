import type { Action, World } from "../../../kernel/service.ts";
import { leaveTable } from "../replicas/share-table.ts";
import { validationError } from "../request/errors.ts";
import { refuseOthers, requiredText } from "../request/members.ts";
import { needTable, removeTable, tableArn } from "../tables/catalog.ts";
import { describeTable } from "../tables/description.ts";

/** Deletes a table and its items, unless deletion protection is on; replicas in other regions stay. */
export function deleteTable(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName"]);
    const name = requiredText(input, "TableName");
    return world.store.transaction(() => {
      const table = needTable(world, name, "Table");
      if (table.definition.DeletionProtectionEnabled) {
        throw validationError(
          `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. Resource: ${tableArn(world, table.name)}`,
        );
      }
      const description = describeTable(world, table.definition, "DELETING");
      leaveTable(world, table);
      removeTable(world, table);
      return { TableDescription: description };
    });
  };
}
