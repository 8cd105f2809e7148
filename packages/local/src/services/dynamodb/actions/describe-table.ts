import type { Action, World } from "../../../kernel/service.ts";
import { refuseOthers, requiredText } from "../request/members.ts";
import { needTable } from "../tables/catalog.ts";
import { describeTable as describe } from "../tables/description.ts";

/** Describes a table; its counts are exact here. */
export function describeTable(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName"]);
    return { Table: describe(world, needTable(world, requiredText(input, "TableName"), "Table").definition) };
  };
}
