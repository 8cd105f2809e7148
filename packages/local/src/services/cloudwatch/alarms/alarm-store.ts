import type { Members, World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import type { AlarmStateValue } from "./decide.ts";

/** An alarm and its state. */
export interface Alarm {
  readonly name: string;
  /** The members that it was put with, which were valid, and when, milliseconds since the epoch. */
  readonly definition: Members & { readonly configuredAtMs: number };
  readonly state: AlarmState;
  readonly tags: Readonly<Record<string, string>>;
}

export interface AlarmState {
  readonly value: AlarmStateValue;
  readonly reason: string;
  /** JSON, where there is more to say. */
  readonly reasonData?: string | undefined;
  readonly updatedAtMs: number;
}

interface AlarmRow {
  readonly name: string;
  readonly definition: string;
  readonly state: string;
  readonly tags: string;
}

/** Every alarm, by name. */
export function allAlarms(store: Store): readonly Alarm[] {
  const rows: unknown = store.statement("SELECT * FROM cloudwatch_alarm ORDER BY name").all();
  return (rows as AlarmRow[]).map(readRow);
}

export function findAlarm(store: Store, name: string): Alarm | undefined {
  const row: unknown = store.statement("SELECT * FROM cloudwatch_alarm WHERE name = ?").get(name);
  return row ? readRow(row as AlarmRow) : undefined;
}

function readRow({ name, definition, state, tags }: AlarmRow): Alarm {
  return { name, definition: JSON.parse(definition), state: JSON.parse(state), tags: JSON.parse(tags) };
}

/** Writes an alarm, in a transaction of the caller's. */
export function writeAlarm(store: Store, { name, definition, state, tags }: Alarm): void {
  store
    .statement("INSERT OR REPLACE INTO cloudwatch_alarm VALUES (?, ?, ?, ?)")
    .run(name, JSON.stringify(definition), JSON.stringify(state), JSON.stringify(tags));
}

/** Removes an alarm, in a transaction of the caller's. */
export function removeAlarm(store: Store, name: string): void {
  store.statement("DELETE FROM cloudwatch_alarm WHERE name = ?").run(name);
}

export function isComposite({ definition }: Alarm): boolean {
  return definition["AlarmRule"] !== undefined;
}

export function alarmArn({ region, accountId }: World, name: string): string {
  return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
}
