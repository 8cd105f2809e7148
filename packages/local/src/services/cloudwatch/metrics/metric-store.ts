import type { Store } from "../../../kernel/store.ts";
import { addTally, newTally, type Tally } from "../../../kernel/tally.ts";
import type { Dimension, Metric } from "./metric.ts";

/** How long data is kept, milliseconds: seconds for 3 hours and minutes for 15 days (CloudWatch concepts, metrics retention). */
const SECONDS_KEPT_MS = 3 * 3_600_000;
const MINUTES_KEPT_MS = 15 * 86_400_000;

const MINUTE_MS = 60_000;

/** Values of a metric to be stored; `atMs` is a moment within the second or minute that they belong to. */
export interface Datum {
  readonly metric: Metric;
  readonly atMs: number;
  readonly unit: string;
  /** Whether the second is kept too, for periods under a minute. */
  readonly perSecond: boolean;
  readonly tally: Tally;
}

/** One bucket of a metric. */
export interface Bucket {
  /** Its start, milliseconds since the epoch. */
  readonly atMs: number;
  readonly unit: string;
  readonly tally: Tally;
}

/** What is read of a metric: the buckets of a period from `fromMs` (inclusive) until `untilMs` (exclusive). */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly periodSeconds: number;
}

interface DataRow extends Omit<Tally, "values"> {
  readonly at: number;
  readonly unit: string;
  readonly spread: string | null;
}

interface MetricRow {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: string;
}

/** Adds data to what is stored, in a transaction of the caller's. */
export function storeData(store: Store, data: Iterable<Datum>): void {
  for (const datum of data) {
    const id = metricId(store, datum.metric, datum.atMs);
    mergeRow(store, id, 60, datum.atMs - (datum.atMs % MINUTE_MS), datum);
    if (datum.perSecond) mergeRow(store, id, 1, datum.atMs - (datum.atMs % 1_000), datum);
  }
}

function metricId(store: Store, { namespace, name, dimensions }: Metric, atMs: number): number {
  const row = store
    .statement(
      `INSERT INTO cloudwatch_metric (namespace, name, dimensions, lastAt) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET lastAt = max(lastAt, excluded.lastAt) RETURNING id`,
    )
    .get(namespace, name, JSON.stringify(dimensions), atMs);
  return Number(row?.["id"]);
}

function mergeRow(store: Store, id: number, resolution: number, at: number, { unit, tally }: Datum): void {
  const known: unknown = store
    .statement("SELECT * FROM cloudwatch_data WHERE metricId = ? AND resolution = ? AND at = ? AND unit = ?")
    .get(id, resolution, at, unit);
  const merged = newTally();
  if (known) addTally(merged, tallyOf(known as DataRow));
  addTally(merged, tally);
  store
    .statement("INSERT OR REPLACE INTO cloudwatch_data VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(id, resolution, at, unit, merged.count, merged.sum, merged.minimum, merged.maximum, spreadOf(merged));
}

function spreadOf({ minimum, maximum, values }: Tally): string | null {
  if (minimum === maximum) return null;
  return values ? JSON.stringify([...values]) : "";
}

function tallyOf({ count, sum, minimum, maximum, spread }: DataRow): Tally {
  const values =
    spread === null ? new Map([[minimum, count]]) : spread === "" ? undefined : new Map(JSON.parse(spread));
  return { count, sum, minimum, maximum, values: values as Tally["values"] };
}

/** Reads a metric's buckets that have data, by time; those of each unit apart, of one unit where it is given. */
export function readBuckets(store: Store, metric: Metric, span: Span, unit?: string): readonly Bucket[] {
  const found = store
    .statement("SELECT id FROM cloudwatch_metric WHERE namespace = ? AND name = ? AND dimensions = ?")
    .get(metric.namespace, metric.name, JSON.stringify(metric.dimensions));
  if (!found) return [];
  const periodMs = span.periodSeconds * 1_000;
  const rows: unknown = store
    .statement(
      "SELECT * FROM cloudwatch_data WHERE metricId = ? AND resolution = ? AND at >= ? AND at < ? ORDER BY at, unit",
    )
    .iterate(Number(found["id"]), span.periodSeconds < 60 ? 1 : 60, span.fromMs, span.untilMs);
  const buckets = new Map<string, Bucket>();
  for (const row of rows as Iterable<DataRow>) {
    if (unit !== undefined && row.unit !== unit) continue;
    const atMs = row.at - ((row.at - span.fromMs) % periodMs);
    const key = `${atMs} ${row.unit}`;
    const bucket = buckets.get(key) ?? { atMs, unit: row.unit, tally: newTally() };
    buckets.set(key, bucket);
    addTally(bucket.tally, tallyOf(row));
  }
  return [...buckets.values()];
}

/** Every metric that has data, by namespace, name and dimensions. */
export function allMetrics(store: Store): readonly (Metric & { readonly lastAtMs: number })[] {
  const rows: unknown = store.statement("SELECT * FROM cloudwatch_metric ORDER BY namespace, name, dimensions").all();
  return (rows as (MetricRow & { lastAt: number })[]).map(({ namespace, name, dimensions, lastAt }) => ({
    namespace,
    name,
    dimensions: JSON.parse(dimensions) as readonly Dimension[],
    lastAtMs: lastAt,
  }));
}

/** Removes what is past its time, and the metrics that have no data left, in a transaction of the caller's. */
export function removeOldData(store: Store, nowMs: number): void {
  for (const [resolution, keptMs] of [
    [1, SECONDS_KEPT_MS],
    [60, MINUTES_KEPT_MS],
  ] as const) {
    store.statement("DELETE FROM cloudwatch_data WHERE resolution = ? AND at < ?").run(resolution, nowMs - keptMs);
  }
  store.statement("DELETE FROM cloudwatch_metric WHERE lastAt < ?").run(nowMs - MINUTES_KEPT_MS);
}
