import type { Action, Members } from "../../../kernel/service.ts";
import { Timestamp } from "../../../kernel/timestamp.ts";
import type { Cloudwatch } from "../cloudwatch.ts";
import { optionalChoice, requiredTime } from "../input.ts";
import { evaluateQueries, type MetricQuery, readQueries } from "../metrics/queries.ts";
import type { Series } from "../metrics/series.ts";
import { spanOf } from "./get-metric-statistics.ts";

/** GetMetricData: metrics, and expressions over them. */
export function getMetricData({ world, collector }: Cloudwatch): Action {
  return async (input) => {
    const queries = readQueries(input, "MetricDataQueries");
    const shortest = Math.min(...queries.map((query) => query.periodSeconds));
    const { fromMs, untilMs } = spanOf(requiredTime(input, "StartTime"), requiredTime(input, "EndTime"), shortest);
    const ascending =
      optionalChoice(input, "ScanBy", ["TimestampAscending", "TimestampDescending"]) === "TimestampAscending";
    await collector.collect();
    const evaluate = evaluateQueries(world.store, queries, fromMs, untilMs);
    const results = queries
      .filter((query) => query.returned)
      .flatMap((query) => evaluate(query).map((series) => shown(query, series, ascending)));
    return { MetricDataResults: results, Messages: [] };
  };
}

function shown({ id, label }: MetricQuery, series: Series, ascending: boolean): Members {
  const points = ascending ? [...series] : [...series].reverse();
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(([atMs]) => new Timestamp(atMs)),
    Values: points.map(([, value]) => value),
    StatusCode: "Complete",
  };
}
