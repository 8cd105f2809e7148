import type { Store } from "../../../kernel/store.ts";
import { evaluateQueries } from "../metrics/queries.ts";
import type { AlarmState } from "./alarm-store.ts";
import { type AlarmStateValue, decideState, evaluationRange } from "./decide.ts";
import { COMPARISONS, type MetricAlarm } from "./definition.ts";

interface Point {
  readonly atMs: number;
  readonly value: number | undefined;
}

/** The state of a metric alarm over the periods that end at a moment; undefined where it keeps the one that it has. */
export function evaluateAlarm(
  store: Store,
  alarm: MetricAlarm,
  endMs: number,
): Omit<AlarmState, "updatedAtMs"> | undefined {
  const points = pointsUntil(store, alarm, endMs);
  const { breaches } = COMPARISONS[alarm.comparison];
  const periods = points.map(({ value }) => (value === undefined ? undefined : breaches(value, alarm.threshold)));
  const value = decideState(periods, alarm);
  if (value === "retain") return undefined;
  return { value, reason: reasonOf(alarm, points, value), reasonData: reasonDataOf(alarm, points, endMs) };
}

function pointsUntil(store: Store, alarm: MetricAlarm, endMs: number): readonly Point[] {
  const periodMs = alarm.watched.periodSeconds * 1_000;
  const range = evaluationRange(alarm);
  const fromMs = endMs - range * periodMs;
  const [series] = evaluateQueries(store, alarm.queries, fromMs, endMs)(alarm.watched);
  return Array.from({ length: range }, (_, index) => {
    const atMs = fromMs + index * periodMs;
    return { atMs, value: series?.get(atMs) };
  });
}

/** The newest points with data, as many as are evaluated; where some lack, all that there are. */
function evaluated(
  { evaluationPeriods }: MetricAlarm,
  points: readonly Point[],
): readonly (Point & { value: number })[] {
  return points
    .filter((point): point is Point & { value: number } => point.value !== undefined)
    .slice(-evaluationPeriods)
    .reverse();
}

function reasonOf(alarm: MetricAlarm, points: readonly Point[], value: AlarmStateValue): string {
  const { evaluationPeriods, datapointsToAlarm, threshold, comparison, treatMissingData } = alarm;
  const real = evaluated(alarm, points);
  const missing = evaluationPeriods - real.length;
  if (value === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${missing} datapoint${missing === 1 ? " was" : "s were"} unknown.`;
  }
  const treated = treatMissingData === "breaching" ? "Breaching" : "NonBreaching";
  if (real.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${missing} period${missing === 1 ? "" : "s"} and ${missing} missing datapoint${missing === 1 ? " was" : "s were"} treated as [${treated}].`;
  }
  const { breaches, words } = COMPARISONS[comparison];
  const shown =
    value === "ALARM"
      ? real.filter((each) => breaches(each.value, threshold))
      : real.filter((each) => !breaches(each.value, threshold));
  const list = (shown.length > 0 ? shown : real).map((each) => `${decimal(each.value)} (${dayAndTime(each.atMs)})`);
  const change =
    value === "ALARM"
      ? `(minimum ${counted(datapointsToAlarm)} for OK -> ALARM transition)`
      : `(minimum ${counted(evaluationPeriods - datapointsToAlarm + 1)} for ALARM -> OK transition)`;
  const verb = `${list.length === 1 ? "was" : "were"}${value === "ALARM" ? "" : " not"}`;
  return `Threshold Crossed: ${list.length} out of the last ${counted(evaluationPeriods)} [${list.join(", ")}] ${verb} ${words} the threshold (${decimal(threshold)}) ${change}.`;
}

function counted(datapoints: number): string {
  return `${datapoints} datapoint${datapoints === 1 ? "" : "s"}`;
}

function reasonDataOf(alarm: MetricAlarm, points: readonly Point[], endMs: number): string {
  const real = evaluated(alarm, points);
  const { source, periodSeconds } = alarm.watched;
  return JSON.stringify({
    version: "1.0",
    queryDate: awsTime(endMs),
    startDate: awsTime(real.at(-1)?.atMs ?? endMs),
    ...("stat" in source && { statistic: source.stat.stat }),
    period: periodSeconds,
    recentDatapoints: real.map(({ value }) => value).reverse(),
    threshold: alarm.threshold,
    evaluatedDatapoints: real.map(({ atMs, value }) => ({ timestamp: awsTime(atMs), value })),
  });
}

/** A number as alarms write it: `1.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** A moment as alarms write it: `2026-11-26T11:00:00.000+0000`. */
export function awsTime(atMs: number): string {
  return new Date(atMs).toISOString().replace("Z", "+0000");
}

/** `26/11/26 11:00:00` */
function dayAndTime(atMs: number): string {
  const [, year, month, day, time] = /^..(..)-(..)-(..)T(.{8})/.exec(new Date(atMs).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}
