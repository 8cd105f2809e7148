import {
  CloudWatchClient,
  GetDashboardCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { StageSettings } from "./game-day.ts";

/** A widget of a dashboard, as its body has it (CloudWatch API reference, "Dashboard body structure and syntax"). */
interface Widget {
  readonly properties: {
    readonly title?: string;
    /** ARNs of alarms, where it shows their states. */
    readonly alarms?: readonly string[];
    readonly metrics?: readonly Line[];
    readonly stat?: string;
  };
}

/** Namespace, name, names and values of dimensions, and what is shown of it. */
type Line = readonly (string | { readonly stat?: string; readonly period?: number })[];

/** How far around a moment it looks, milliseconds: three hours before it and one after. */
const BEFORE_MS = 10_800_000;
const AFTER_MS = 3_600_000;

/** How many widgets a dashboard has, and the titles of those that show no value of the hours around a moment, milliseconds, or no alarm. */
export async function emptyWidgets(
  settings: StageSettings,
  DashboardName: string,
  aroundMs: number = Date.now(),
): Promise<{ readonly widgets: number; readonly empty: readonly string[] }> {
  const cloudwatch = new CloudWatchClient(settings);
  try {
    const { DashboardBody = "{}" } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
    const { widgets } = JSON.parse(DashboardBody) as { readonly widgets: readonly Widget[] };
    const empty: string[] = [];
    for (const { properties } of widgets) {
      const { title = "untitled", alarms } = properties;
      const shown = alarms ? alarms.length : await countValues(cloudwatch, properties, aroundMs);
      if (shown === 0) empty.push(title);
    }
    return { widgets: widgets.length, empty };
  } finally {
    cloudwatch.destroy();
  }
}

/** How many values a widget's metrics have, all together. */
async function countValues(
  cloudwatch: CloudWatchClient,
  { metrics = [], stat = "Average" }: Widget["properties"],
  aroundMs: number,
): Promise<number> {
  const MetricDataQueries = metrics.map((line, index) => queryOf(line, stat, `m${index}`));
  const [StartTime, EndTime] = [new Date(aroundMs - BEFORE_MS), new Date(aroundMs + AFTER_MS)];
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({ MetricDataQueries, StartTime, EndTime }),
  );
  return MetricDataResults.reduce((sum, { Values = [] }) => sum + Values.length, 0);
}

function queryOf(line: Line, stat: string, Id: string): MetricDataQuery {
  const [Namespace = "", MetricName = "", ...dimensions] = line.filter((part) => typeof part === "string");
  const shown = line.find((part) => typeof part === "object") ?? {};
  const Dimensions = Array.from({ length: dimensions.length / 2 }, (_, place) => ({
    Name: dimensions[place * 2] ?? "",
    Value: dimensions[place * 2 + 1] ?? "",
  }));
  const Metric = { Namespace, MetricName, Dimensions };
  return { Id, MetricStat: { Metric, Period: shown.period ?? 300, Stat: shown.stat ?? stat } };
}
