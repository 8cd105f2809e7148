import type { World } from "../../../kernel/service.ts";
import type { Store } from "../../../kernel/store.ts";
import { type Alarm, isComposite } from "./alarm-store.ts";

export const HISTORY_TYPES = ["Action", "ConfigurationUpdate", "StateUpdate"] as const;

/** One line of an alarm's history. */
export interface HistoryItem {
  readonly id: number;
  readonly alarmName: string;
  readonly alarmType: "CompositeAlarm" | "MetricAlarm";
  readonly at: number;
  readonly type: (typeof HISTORY_TYPES)[number];
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

/** How long history is kept, milliseconds: 30 days (DescribeAlarmHistory). */
const KEPT_MS = 30 * 86_400_000;

/** Adds a line, in a transaction of the caller's. */
export function noteHistory(
  { store, clock }: World,
  alarm: Alarm,
  type: HistoryItem["type"],
  summary: string,
  data: object,
  atMs: number = clock.now(),
): void {
  store
    .statement(
      "INSERT INTO cloudwatch_history (alarmName, alarmType, at, type, summary, data) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(
      alarm.name,
      isComposite(alarm) ? "CompositeAlarm" : "MetricAlarm",
      atMs,
      type,
      summary,
      JSON.stringify({ version: "1.0", ...data }),
    );
}

/** The lines from a moment until another, the newest first. */
export function readHistory(store: Store, fromMs: number, untilMs: number): readonly HistoryItem[] {
  const rows: unknown = store
    .statement("SELECT * FROM cloudwatch_history WHERE at BETWEEN ? AND ? ORDER BY at DESC, id DESC")
    .all(fromMs, untilMs);
  return rows as HistoryItem[];
}

/** Removes what is past its time, in a transaction of the caller's. */
export function removeOldHistory(store: Store, nowMs: number): void {
  store.statement("DELETE FROM cloudwatch_history WHERE at < ?").run(nowMs - KEPT_MS);
}
