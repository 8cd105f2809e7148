import { Duration } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type ILogGroup, MetricFilter } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { logGroupOf, type Observed, placeOf } from "./observed.ts";

/** One number that is read off log lines. */
interface LogMetric {
  readonly pattern: string;
  readonly value: string;
  /** The field whose value each line is counted under. */
  readonly by?: Readonly<Record<string, string>>;
}

/** Of every function: its events by code, and those that say that a store could not be reached. */
const OF_FUNCTIONS: Readonly<Record<string, LogMetric>> = {
  Events: { pattern: '{ $.event = "*" }', value: "1", by: { Event: "$.event" } },
  Unavailable: { pattern: '{ $.event = "*-unavailable" && $.level = "error" }', value: "1" },
};

/** Of consumers, whose batches are one line each (`emfMetrics` of `@reliq/aws/telemetry`). */
const OF_CONSUMERS: Readonly<Record<string, LogMetric>> = {
  Processed: { pattern: "{ $.Processed >= 0 }", value: "$.Processed", by: { Queue: "$.Queue" } },
  IdempotencyHits: { pattern: "{ $.Duplicate >= 0 }", value: "$.Duplicate", by: { Queue: "$.Queue" } },
};

/** Of recoveries. */
const OF_RECOVERIES: Readonly<Record<string, LogMetric>> = {
  Unbalanced: { pattern: '{ $.event = "account-unbalanced" }', value: "1" },
};

/** Defines the metrics that are read off the logs of functions; functions that share a metric's name are one. */
export function defineLogMetrics(
  scope: Construct,
  { functions, consumers, recoveries }: Observed,
  namespace: string,
): void {
  const ofConsumers = new Set(consumers.map((each) => each.function));
  const ofRecoveries = new Set(recoveries.map((each) => each.function));
  for (const { it, label } of functions) {
    const logGroup = logGroupOf(it);
    if (!logGroup) continue;
    const metrics = {
      ...OF_FUNCTIONS,
      ...(ofConsumers.has(it) && OF_CONSUMERS),
      ...(ofRecoveries.has(it) && OF_RECOVERIES),
    };
    for (const [name, metric] of Object.entries(metrics)) {
      defineFilter(placeOf(scope, label), name, namespace, logGroup, metric);
    }
  }
}

function defineFilter(
  scope: Construct,
  metricName: string,
  metricNamespace: string,
  logGroup: ILogGroup,
  { pattern, value: metricValue, by: dimensions }: LogMetric,
): void {
  const filterPattern = FilterPattern.literal(pattern);
  new MetricFilter(scope, metricName, {
    logGroup,
    filterPattern,
    metricName,
    metricNamespace,
    metricValue,
    ...(dimensions && { dimensions }),
  });
}

/** A metric that is read off logs, added up by the minute. */
export function logMetric(
  namespace: string,
  metricName: keyof typeof OF_CONSUMERS | keyof typeof OF_FUNCTIONS | keyof typeof OF_RECOVERIES,
  label: string,
  dimensionsMap: Readonly<Record<string, string>> = {},
): Metric {
  return new Metric({ namespace, metricName, label, dimensionsMap, statistic: "Sum", period: Duration.minutes(1) });
}
