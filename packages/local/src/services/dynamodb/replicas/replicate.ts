import { randomUUID } from "node:crypto";
import type { Action, World } from "../../../kernel/service.ts";
import { ServiceError } from "../../../kernel/service-error.ts";
import { encodeKey } from "../items/key.ts";
import { readItem } from "../items/stored-item.ts";
import { writeItem } from "../items/write.ts";
import { asMap, refuseOthers, requiredList, requiredText } from "../request/members.ts";
import { addTable, findTable, removeTable } from "../tables/catalog.ts";
import { changeTable } from "../tables/change.ts";
import { newStream } from "../tables/stream-setting.ts";
import type { Table, TableDefinition } from "../tables/table.ts";
import type { LoggedChange, ReplicaChange, SharedDefinition } from "./change-log.ts";
import { outlasts, readStamp } from "./stamp.ts";

type ItemWrite = Extract<ReplicaChange, { readonly kind: "item" }>;

/** `ReliqReplicate`: applies what a peer has logged, all of it or nothing. What comes again changes nothing, and an item keeps its latest write. */
export function replicate(world: World): Action {
  return (input) => {
    refuseOthers(input, ["From", "Changes"]);
    const from = requiredText(input, "From");
    const changes = requiredList(input, "Changes").map((each) => asMap(each, "Change") as unknown as LoggedChange);
    return world.store.transaction(() => {
      const dropped = changes.filter(({ table, change }) => !apply(world, from, table, change));
      for (const table of new Set(dropped.map((each) => each.table))) {
        world.report(
          `Changes of the table ${table} came from ${from} and were dropped: there is no replica of it here.`,
        );
      }
      return {};
    });
  };
}

/** Whether there was a table for it. */
function apply(world: World, from: string, name: string, change: ReplicaChange): boolean {
  const table = findTable(world, name);
  switch (change.kind) {
    case "table":
      putReplica(world, from, table, change.definition);
      return true;
    case "removal":
      if (table) removeTable(world, table);
      return true;
    case "item":
      if (table?.definition.replicas === undefined) return false;
      writeReplica(world, table, change);
      return true;
  }
}

function writeReplica(world: World, table: Table, { key: attributes, item, atMs, region }: ItemWrite): void {
  const key = encodeKey(table.key, attributes);
  const stamp = { atMs, region };
  if (!outlasts(stamp, readStamp(world, table, key))) return;
  writeItem(world, { table, key, before: readItem(world, table, key), after: item, stamp });
}

/** @throws ResourceInUseException where a table of that name is there that is no replica */
function putReplica(world: World, from: string, table: Table | undefined, shared: SharedDefinition): void {
  const nowMs = world.clock.now();
  if (!table) {
    const own = { TableId: randomUUID(), createdAtMs: nowMs, DeletionProtectionEnabled: false, tags: {} };
    addTable(world, { ...shared, ...own, stream: newStream(nowMs, "NEW_AND_OLD_IMAGES") });
    return;
  }
  const { definition } = table;
  if (definition.replicas === undefined && shared.replicas !== undefined) {
    const what = `Table already exists: ${table.name} of ${world.region} is no replica of the one in ${from}. Delete it, or give the other another name.`;
    throw new ServiceError("ResourceInUseException", what);
  }
  const { ttlAttribute: _, replicas: __, ...own } = definition;
  changeTable(world, table, { ...own, ...shared } as TableDefinition, "peer");
}
