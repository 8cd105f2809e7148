import type { Action, Members, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { refuseOthers, requiredList, requiredText } from "../request/members.ts";
import { findTable, saveTable, tableArn } from "../tables/catalog.ts";
import { parseTags } from "../tables/parse-definition.ts";
import type { Table } from "../tables/table.ts";

/** Adds tags to a table, or changes their values. */
export function tagResource(world: World): Action {
  return (input) => {
    refuseOthers(input, ["ResourceArn", "Tags"]);
    const tags = parseTags(requiredList(input, "Tags"));
    return world.store.transaction(() => {
      const { definition } = need(world, input);
      saveTable(world, { ...definition, tags: { ...definition.tags, ...tags } });
      return {};
    });
  };
}

/** Removes tags from a table. */
export function untagResource(world: World): Action {
  return (input) => {
    refuseOthers(input, ["ResourceArn", "TagKeys"]);
    const removed = new Set(requiredList(input, "TagKeys"));
    return world.store.transaction(() => {
      const { definition } = need(world, input);
      const tags = Object.fromEntries(Object.entries(definition.tags).filter(([key]) => !removed.has(key)));
      saveTable(world, { ...definition, tags });
      return {};
    });
  };
}

/** Lists a table's tags. */
export function listTagsOfResource(world: World): Action {
  return (input) => {
    refuseOthers(input, ["ResourceArn", "NextToken"]);
    const { tags } = need(world, input).definition;
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };
}

function need(world: World, input: Members): Table {
  const arn = requiredText(input, "ResourceArn");
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  const table = findTable(world, name);
  if (table && tableArn(world, name) === arn) return table;
  throw new ServiceError("ResourceNotFoundException", `Requested resource not found: ResourceArn: ${arn} not found`);
}
