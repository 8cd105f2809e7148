import type { World } from "../../../kernel/service.ts";
import type { ItemChange } from "../items/write.ts";
import type { TableDefinition } from "../tables/table.ts";
import type { Item } from "../values/attribute-value.ts";
import { keepStamp, nextStamp, readStamp, type Stamp } from "./stamp.ts";

/** What the replicas of a table have in common. */
export type SharedDefinition = Omit<
  TableDefinition,
  "DeletionProtectionEnabled" | "TableId" | "createdAtMs" | "id" | "pointInTimeRecovery" | "stream" | "tags"
>;

/** What a peer is told of a table: an item's write, what the table is, or that it has no replica there any more. */
export type ReplicaChange =
  | (Stamp & { readonly kind: "item"; readonly key: Item; readonly item?: Item })
  | { readonly kind: "removal" }
  | { readonly kind: "table"; readonly definition: SharedDefinition };

/** A change in the order in which it was made here. */
export interface LoggedChange {
  readonly sequence: number;
  readonly table: string;
  readonly change: ReplicaChange;
}

/** About how much one request carries, changes and bytes; a transaction is never cut. */
const PAGE_CHANGES = 500;
const PAGE_BYTES = 4 * 1024 * 1024;

/** The regions, but this one, in which a table has a replica. */
export function peersOf({ region }: Pick<World, "region">, { replicas }: Pick<TableDefinition, "replicas">): string[] {
  return (replicas ?? []).filter((each) => each !== region);
}

/** Stamps an item's write, and logs one that was made here for the table's peers, in the transaction that makes it. */
export function logItem(world: World, { table, key, after, stamp: given }: ItemChange, keyOf: () => Item): void {
  const peers = peersOf(world, table.definition);
  if (peers.length === 0) return;
  const stamp = given ?? nextStamp(world, readStamp(world, table, key));
  keepStamp(world, table, key, stamp);
  // What came from a peer, it tells the others itself.
  if (given) return;
  const change: ReplicaChange = { kind: "item", ...stamp, key: keyOf(), ...(after && { item: after }) };
  for (const peer of peers) logChange(world, peer, table.name, change);
}

/** Logs a change for a peer, inside a transaction. */
export function logChange({ store }: World, peer: string, table: string, change: ReplicaChange): void {
  store
    .statement("INSERT INTO dynamodb_replica_change (peer, table_name, kind, goes_on, change) VALUES (?, ?, ?, 0, ?)")
    .run(peer, table, change.kind, JSON.stringify(change));
}

/** Runs `write` inside a transaction, and has the peers get what it logs at once: all of it or nothing. */
export function logTogether<T>({ store, peers }: World, write: () => T): T {
  if (Object.keys(peers).length === 0) return write();
  const before = Number(store.statement(LAST_SEQUENCE).get()?.["seq"] ?? 0);
  const result = write();
  store
    .statement(
      "UPDATE dynamodb_replica_change AS c SET goes_on = 1 WHERE sequence > ?1 AND EXISTS (SELECT 1 FROM dynamodb_replica_change WHERE peer = c.peer AND sequence > c.sequence)",
    )
    .run(before);
  return result;
}

const LAST_SEQUENCE = "SELECT seq FROM sqlite_sequence WHERE name = 'dynamodb_replica_change'";

/** The next changes that a peer has not acknowledged, oldest first; whole transactions. */
export function readChanges({ store }: World, peer: string): readonly LoggedChange[] {
  const page: LoggedChange[] = [];
  let bytes = 0;
  const rows = store
    .statement(
      "SELECT sequence, table_name, goes_on, change FROM dynamodb_replica_change WHERE peer = ? ORDER BY sequence",
    )
    .iterate(peer);
  for (const row of rows) {
    const text = String(row["change"]);
    page.push({ sequence: Number(row["sequence"]), table: String(row["table_name"]), change: JSON.parse(text) });
    bytes += text.length;
    if (row["goes_on"] === 0 && (page.length >= PAGE_CHANGES || bytes >= PAGE_BYTES)) break;
  }
  return page;
}

/** Forgets what a peer has acknowledged. */
export function forgetChanges({ store }: World, peer: string, lastSequence: number): void {
  store.statement("DELETE FROM dynamodb_replica_change WHERE peer = ? AND sequence <= ?").run(peer, lastSequence);
}

/** Whether a peer has yet to hear what a table is. */
export function isJoining({ store }: World, peer: string, table: string): boolean {
  const sql = "SELECT 1 FROM dynamodb_replica_change WHERE peer = ? AND table_name = ? AND kind = 'table' LIMIT 1";
  return store.statement(sql).get(peer, table) !== undefined;
}
