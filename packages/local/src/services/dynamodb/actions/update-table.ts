import type { Action, World } from "../../../kernel/service.ts";
import { updateReplicas } from "../replicas/replica-updates.ts";
import { refuseOthers, requiredText } from "../request/members.ts";
import { needTable } from "../tables/catalog.ts";
import { changeTable } from "../tables/change.ts";
import { describeTable } from "../tables/description.ts";
import { updateDefinition } from "../tables/update.ts";

const MEMBERS = [
  "TableName",
  "AttributeDefinitions",
  "BillingMode",
  "ProvisionedThroughput",
  "GlobalSecondaryIndexUpdates",
  "ReplicaUpdates",
  "StreamSpecification",
  "DeletionProtectionEnabled",
  "SSESpecification",
  "TableClass",
  "OnDemandThroughput",
  "WarmThroughput",
];

/** Changes a table's settings; here the change is done when the answer is sent. */
export function updateTable(world: World): Action {
  return (input) => {
    refuseOthers(input, MEMBERS);
    const name = requiredText(input, "TableName");
    return world.store.transaction(() => {
      const table = needTable(world, name, "Table");
      const wanted = updateDefinition(table.definition, input, world.clock.now());
      const changed = changeTable(world, table, updateReplicas(world, wanted, input));
      return { TableDescription: describeTable(world, changed.definition, "UPDATING") };
    });
  };
}
