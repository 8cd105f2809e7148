import type { World } from "../../kernel/service.ts";
import type { Store } from "../../kernel/store.ts";
import { alreadyExists, groupDoesNotExist, streamDoesNotExist } from "./errors.ts";

export interface LogGroup {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
  readonly retentionDays: number | null;
}

export interface LogStream {
  readonly id: number;
  readonly groupId: number;
  readonly name: string;
  readonly createdAt: number;
  readonly firstEventAt: number | null;
  readonly lastEventAt: number | null;
  readonly lastIngestedAt: number | null;
}

export function findGroup(store: Store, name: string): LogGroup | undefined {
  const row: unknown = store.statement("SELECT * FROM logs_group WHERE name = ?").get(name);
  return row as LogGroup | undefined;
}

/** @throws ResourceNotFoundException */
export function existingGroup(store: Store, name: string): LogGroup {
  const group = findGroup(store, name);
  if (!group) throw groupDoesNotExist();
  return group;
}

/** @throws ResourceNotFoundException */
export function existingStream(store: Store, group: LogGroup, name: string): LogStream {
  const row: unknown = store.statement("SELECT * FROM logs_stream WHERE groupId = ? AND name = ?").get(group.id, name);
  if (!row) throw streamDoesNotExist();
  return row as LogStream;
}

/** @throws ResourceAlreadyExistsException */
export function insertGroup({ store, clock }: World, name: string): void {
  if (findGroup(store, name)) throw alreadyExists("group");
  store.statement("INSERT INTO logs_group (name, createdAt) VALUES (?, ?)").run(name, clock.now());
}

/** Sets how long a group keeps its events; null is for ever. */
export function setRetention(store: Store, groupId: number, days: number | null): void {
  store.statement("UPDATE logs_group SET retentionDays = ? WHERE id = ?").run(days, groupId);
}

/** Removes a group and all that is in it, in a transaction of the caller's. */
export function removeGroup(store: Store, groupId: number): void {
  for (const table of ["logs_event", "logs_stream", "logs_metric_filter"]) {
    store.statement(`DELETE FROM ${table} WHERE groupId = ?`).run(groupId);
  }
  store.statement("DELETE FROM logs_group WHERE id = ?").run(groupId);
}

export function groupArn({ region, accountId }: World, name: string): string {
  return `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
}
