import type { Store } from "../../../kernel/store.ts";
import { addTally, newTally, type Tally } from "../../../kernel/tally.ts";
import type { Metric } from "./metric.ts";
import { readBuckets, type Span } from "./metric-store.ts";
import { type Statistic, statisticOf } from "./statistic.ts";

/** Values by time, milliseconds since the epoch, in the order of time. */
export type Series = ReadonlyMap<number, number>;

/** A metric seen through one statistic. */
export interface MetricStat {
  readonly metric: Metric;
  readonly periodSeconds: number;
  /** `Sum`, `p99`, … */
  readonly stat: string;
  readonly unit?: string | undefined;
}

/** The values of a statistic in a span; what has no data is left out. */
export function readSeries(store: Store, { metric, stat, unit }: MetricStat, span: Span): Series {
  return valuesOf(readTallies(store, metric, span, unit), statisticOf(stat));
}

function readTallies(store: Store, metric: Metric, span: Span, unit: string | undefined): Map<number, Tally> {
  const tallies = new Map<number, Tally>();
  for (const { atMs, tally } of readBuckets(store, metric, span, unit)) {
    const merged = tallies.get(atMs) ?? newTally();
    tallies.set(atMs, merged);
    addTally(merged, tally);
  }
  return tallies;
}

function valuesOf(tallies: ReadonlyMap<number, Tally>, statistic: Statistic): Series {
  const series = new Map<number, number>();
  for (const [atMs, tally] of tallies) {
    const value = statistic(tally);
    if (value !== undefined) series.set(atMs, value);
  }
  return series;
}
