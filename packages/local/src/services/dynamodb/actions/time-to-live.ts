import type { Action, World } from "../../../kernel/service.ts";
import { validationError } from "../request/errors.ts";
import { constraint, optionalText, refuseOthers, requiredMap, requiredText } from "../request/members.ts";
import { needTable } from "../tables/catalog.ts";
import { changeTable } from "../tables/change.ts";

/** Enables or disables the expiry of items by an attribute. */
export function updateTimeToLive(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName", "TimeToLiveSpecification"]);
    const name = requiredText(input, "TableName");
    const specification = requiredMap(input, "TimeToLiveSpecification");
    const enabled = specification["Enabled"];
    if (typeof enabled !== "boolean") {
      throw constraint(null, "timeToLiveSpecification.enabled", "Member must not be null");
    }
    const attribute = optionalText(specification, "AttributeName");
    if (!attribute) throw constraint(null, "timeToLiveSpecification.attributeName", "Member must not be null");
    return world.store.transaction(() => {
      const table = needTable(world, name, "Table");
      const { ttlAttribute: current, ...rest } = table.definition;
      if (!enabled && current === undefined) throw validationError("TimeToLive is already disabled");
      if (current !== undefined && current !== attribute) {
        throw validationError(`TimeToLive is active on a different AttributeName: current AttributeName is ${current}`);
      }
      if (enabled && current !== undefined) throw validationError("TimeToLive is already enabled");
      changeTable(world, table, enabled ? { ...rest, ttlAttribute: attribute } : rest);
      return { TimeToLiveSpecification: { Enabled: enabled, AttributeName: attribute } };
    });
  };
}

/** Says whether items expire, and by which attribute. */
export function describeTimeToLive(world: World): Action {
  return (input) => {
    refuseOthers(input, ["TableName"]);
    const { ttlAttribute } = needTable(world, requiredText(input, "TableName"), "Table").definition;
    return {
      TimeToLiveDescription:
        ttlAttribute === undefined
          ? { TimeToLiveStatus: "DISABLED" }
          : { TimeToLiveStatus: "ENABLED", AttributeName: ttlAttribute },
    };
  };
}
