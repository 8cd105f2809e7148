import type { World } from "../../../kernel/service.ts";
import { encodeKey, keyItem } from "../items/key.ts";
import { readRows } from "../items/rows.ts";
import type { Table, TableDefinition } from "../tables/table.ts";
import { logChange, peersOf, type ReplicaChange, type SharedDefinition } from "./change-log.ts";
import { keepStamp, nextStamp, readStamp } from "./stamp.ts";

/** Tells the peers of a table what it is now, those that join also what is in it, and those that leave that they have none; inside a transaction. */
export function shareTable(world: World, before: TableDefinition | undefined, table: Table): void {
  const [known, peers] = [peersOf(world, before ?? {}), peersOf(world, table.definition)];
  const definition = sharedDefinition(table.definition);
  if (before && JSON.stringify(sharedDefinition(before)) === JSON.stringify(definition)) return;
  for (const peer of peers) logChange(world, peer, table.name, { kind: "table", definition });
  for (const peer of known) {
    if (!peers.includes(peer)) logChange(world, peer, table.name, { kind: "removal" });
  }
  const joining = peers.filter((peer) => !known.includes(peer));
  if (joining.length > 0) shareItems(world, table, joining);
}

/** Tells the peers of a table that is going that there are only their replicas left; inside a transaction. */
export function leaveTable(world: World, { name, definition }: Table): void {
  const peers = peersOf(world, definition);
  const left: SharedDefinition = { ...sharedDefinition(definition), ...replicasOf(peers) };
  for (const peer of peers) logChange(world, peer, name, { kind: "table", definition: left });
}

/** The member `replicas` of a definition: a table of one region alone has none. */
export function replicasOf(regions: readonly string[]): Pick<TableDefinition, "replicas"> {
  return regions.length > 1 ? { replicas: regions.toSorted() } : { replicas: undefined };
}

/** What the replicas of a table have in common. */
function sharedDefinition(definition: TableDefinition): SharedDefinition {
  const {
    id: _,
    TableId: __,
    createdAtMs: ___,
    stream: ____,
    pointInTimeRecovery: _____,
    DeletionProtectionEnabled: ______,
    tags: _______,
    ...shared
  } = definition;
  return shared;
}

function shareItems(world: World, table: Table, peers: readonly string[]): void {
  const rows = [...readRows(world, { table, index: undefined, forward: true, after: undefined })];
  for (const { item } of rows) {
    const key = encodeKey(table.key, item);
    const stamp = readStamp(world, table, key) ?? nextStamp(world, undefined);
    keepStamp(world, table, key, stamp);
    const change: ReplicaChange = { kind: "item", ...stamp, key: keyItem(table, item), item };
    for (const peer of peers) logChange(world, peer, table.name, change);
  }
}
