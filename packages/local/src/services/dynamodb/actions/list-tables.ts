import type { Action, World } from "../../../kernel/service.ts";
import { optionalInteger, optionalText, refuseOthers } from "../request/members.ts";
import { tableNames } from "../tables/catalog.ts";

/** Lists the tables' names, at most 100 at once. */
export function listTables(world: World): Action {
  return (input) => {
    refuseOthers(input, ["ExclusiveStartTableName", "Limit"]);
    const limit = optionalInteger(input, "Limit", 1, 100) ?? 100;
    const names = tableNames(world, optionalText(input, "ExclusiveStartTableName") ?? "", limit + 1);
    const shown = names.slice(0, limit);
    return { TableNames: shown, ...(names.length > limit && { LastEvaluatedTableName: shown.at(-1) }) };
  };
}
