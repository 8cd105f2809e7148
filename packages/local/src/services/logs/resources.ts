import type { ResourceProvider } from "../../kernel/resource.ts";
import type { World } from "../../kernel/service.ts";
import { existingGroup, findGroup, groupArn, insertGroup, removeGroup, setRetention } from "./group.ts";
import { groupNameOf } from "./input.ts";
import type { FilterCatalog } from "./metric-filters/filter-catalog.ts";
import { readRetention } from "./retention.ts";

/** `AWS::Logs::LogGroup`: an existing group of the name keeps its events. */
export function logGroupProvider(world: World, filters: FilterCatalog): ResourceProvider {
  const { store } = world;
  return {
    supported: ["LogGroupName", "RetentionInDays", "Tags"],
    kept: {
      KmsKeyId: "the local state is not encrypted",
      LogGroupClass: "every group is of the standard class",
    },
    put: async ({ properties, name: physicalName }) => {
      const name = groupNameOf({ logGroupName: properties["LogGroupName"] ?? physicalName });
      const days = properties["RetentionInDays"] === undefined ? null : readRetention(properties, "RetentionInDays");
      await store.transaction(() => {
        // A function may have written to it before its template named it.
        if (!findGroup(store, name)) insertGroup(world, name);
        setRetention(store, existingGroup(store, name).id, days);
      });
      return { ref: name, attributes: { Arn: `${groupArn(world, name)}:*` } };
    },
    remove: async ({ ref }) => {
      await store.transaction(() => {
        const group = findGroup(store, ref);
        if (group) removeGroup(store, group.id);
      });
      filters.forget();
    },
  };
}
