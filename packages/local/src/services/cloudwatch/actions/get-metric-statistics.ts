import type { Action, Members } from "../../../kernel/service.ts";
import { Timestamp } from "../../../kernel/timestamp.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { invalidCombination, missing } from "../errors.ts";
import { optionalNumber, requiredTime, texts } from "../input.ts";
import { readMetric, readPeriod, readUnit } from "../metrics/metric.ts";
import { type Bucket, readBuckets, type Span } from "../metrics/metric-store.ts";
import { statisticOf } from "../metrics/statistic.ts";

/** The most data points of one answer (GetMetricStatistics). */
const MOST_DATAPOINTS = 1_440;

/** GetMetricStatistics. */
export function getMetricStatistics({ world, collector }: Cloudwatch): Action {
  return async (input) => {
    const metric = readMetric(input);
    const span = readSpan(input);
    const basic = texts(input, "Statistics");
    const extended = texts(input, "ExtendedStatistics");
    if (basic.length + extended.length === 0) throw missing("Statistics");
    for (const name of [...basic, ...extended]) statisticOf(name);
    const unit = readUnit(input);
    await collector.collect();
    const buckets = readBuckets(world.store, metric, span, unit);
    return { Label: metric.name, Datapoints: buckets.map((bucket) => shown(bucket, basic, extended)) };
  };
}

function readSpan(input: Members): Span {
  const periodSeconds = readPeriod(optionalNumber(input, "Period"));
  const span = spanOf(requiredTime(input, "StartTime"), requiredTime(input, "EndTime"), periodSeconds);
  const datapoints = Math.ceil((span.untilMs - span.fromMs) / 1_000 / periodSeconds);
  if (datapoints <= MOST_DATAPOINTS) return span;
  throw invalidCombination(
    `You have requested up to ${datapoints} datapoints, which exceeds the limit of ${MOST_DATAPOINTS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
  );
}

/** The span of a request: its start is rounded down to the minute, or to a period under one. @throws InvalidParameterCombination */
export function spanOf(startMs: number, endMs: number, periodSeconds: number): Span {
  if (startMs >= endMs) throw invalidCombination("The parameter StartTime must be less than the parameter EndTime.");
  const stepMs = Math.min(periodSeconds, 60) * 1_000;
  return { fromMs: startMs - (startMs % stepMs), untilMs: endMs, periodSeconds };
}

function shown({ atMs, unit, tally }: Bucket, basic: readonly string[], extended: readonly string[]): Members {
  const valuesOf = (names: readonly string[]): Members =>
    Object.fromEntries(
      names.map((name) => [name, statisticOf(name)(tally)] as const).filter(([, value]) => value !== undefined),
    );
  return {
    Timestamp: new Timestamp(atMs),
    Unit: unit,
    ...valuesOf(basic),
    ...(extended.length > 0 && { ExtendedStatistics: valuesOf(extended) }),
  };
}
