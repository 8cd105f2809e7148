import { remembered } from "../kernel/remembered.ts";
import type { Store } from "../kernel/store.ts";
import type { Fire, NewFire, Schedule } from "./schedule.ts";

/** The tables of schedules and of their events on the way, by the service that owns them; times are milliseconds since the epoch. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS schedule_entry (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  schedule TEXT NOT NULL,
  createdAt INTEGER NOT NULL,
  modifiedAt INTEGER NOT NULL,
  anchorAt INTEGER NOT NULL,
  nextAt INTEGER,
  PRIMARY KEY (owner, name)
);
CREATE INDEX IF NOT EXISTS schedule_entry_next ON schedule_entry (owner, nextAt) WHERE nextAt IS NOT NULL;
CREATE TABLE IF NOT EXISTS schedule_fire (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  owner TEXT NOT NULL,
  scheduleArn TEXT NOT NULL,
  scheduledAt INTEGER NOT NULL,
  target TEXT NOT NULL,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  dueAt INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS schedule_fire_due ON schedule_fire (owner, dueAt);
`;

/** A schedule as it is kept. */
export interface Entry {
  readonly schedule: Schedule;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** What a rate counts from. */
  readonly anchorAt: number;
  readonly nextAt: number | null;
}

export function findEntry(store: Store, owner: string, name: string): Entry | undefined {
  const row = store.statement("SELECT * FROM schedule_entry WHERE owner = ? AND name = ?").get(owner, name);
  return row && readEntry(row);
}

/** Every schedule of a service, by name. */
export function allEntries(store: Store, owner: string): Entry[] {
  return store.statement("SELECT * FROM schedule_entry WHERE owner = ? ORDER BY name").all(owner).map(readEntry);
}

/** The schedules that are due, the earliest first. */
export function dueEntries(store: Store, owner: string, nowMs: number): Entry[] {
  const sql = "SELECT * FROM schedule_entry WHERE owner = ? AND nextAt <= ? ORDER BY nextAt, name";
  return store.statement(sql).all(owner, nowMs).map(readEntry);
}

/** Each event on a bus is held against all of its rules: a text is read once. */
const scheduleOf: (text: string) => Schedule = remembered(1_000, (text) => JSON.parse(text) as Schedule);

function readEntry(row: Record<string, unknown>): Entry {
  return { ...row, schedule: scheduleOf(String(row["schedule"])) } as unknown as Entry;
}

/** Writes an entry, in a transaction of the caller's. */
export function writeEntry(store: Store, owner: string, entry: Entry): void {
  const { schedule, createdAt, modifiedAt, anchorAt, nextAt } = entry;
  store
    .statement("INSERT OR REPLACE INTO schedule_entry VALUES (?, ?, ?, ?, ?, ?, ?)")
    .run(owner, schedule.name, JSON.stringify(schedule), createdAt, modifiedAt, anchorAt, nextAt);
}

/** Removes an entry, in a transaction of the caller's; its events on the way go on. */
export function deleteEntry(store: Store, owner: string, name: string): boolean {
  return store.statement("DELETE FROM schedule_entry WHERE owner = ? AND name = ?").run(owner, name).changes > 0;
}

/** Puts an event on its way, in a transaction of the caller's. */
export function insertFire(store: Store, owner: string, fire: NewFire, dueAt: number): void {
  const { scheduleArn, scheduledAt, target, payload } = fire;
  store
    .statement(
      "INSERT INTO schedule_fire (owner, scheduleArn, scheduledAt, target, payload, dueAt) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(owner, scheduleArn, scheduledAt, JSON.stringify(target), payload, dueAt);
}

/** The events whose delivery is due, the first `most` in the order of their making. */
export function dueFires(store: Store, owner: string, nowMs: number, most: number): Fire[] {
  const rows = store
    .statement("SELECT * FROM schedule_fire WHERE owner = ? AND dueAt <= ? ORDER BY seq LIMIT ?")
    .all(owner, nowMs, most);
  return rows.map((row) => ({ ...row, target: JSON.parse(String(row["target"])) }) as unknown as Fire);
}

/** When the next schedule is due, or undefined. */
export function nextDueEntry(store: Store, owner: string): number | undefined {
  const at = store.statement("SELECT min(nextAt) AS at FROM schedule_entry WHERE owner = ?").get(owner)?.["at"];
  return typeof at === "number" ? at : undefined;
}

/** When the next delivery is due, or undefined. */
export function nextDueFire(store: Store, owner: string): number | undefined {
  const at = store.statement("SELECT min(dueAt) AS at FROM schedule_fire WHERE owner = ?").get(owner)?.["at"];
  return typeof at === "number" ? at : undefined;
}
