import { type CloudWatchClient, GetDashboardCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";

/** A widget of a dashboard, as its body has it. */
interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly Line[];
    readonly stat?: string;
  };
}

/** Namespace, name, names and values of dimensions, and what is shown of it. */
type Line = readonly (string | { readonly stat?: string; readonly period?: number })[];

/** The widgets of a dashboard. */
export async function readWidgets(cloudwatch: CloudWatchClient, DashboardName: string): Promise<readonly Widget[]> {
  const { DashboardBody = "{}" } = await cloudwatch.send(new GetDashboardCommand({ DashboardName }));
  return (JSON.parse(DashboardBody) as { widgets: readonly Widget[] }).widgets;
}

/** How many values a widget's metrics have within some hours around a moment, by line. */
export async function countValues(
  cloudwatch: CloudWatchClient,
  { properties: { metrics = [], stat = "Average" } }: Widget,
  aroundMs: number,
): Promise<readonly number[]> {
  const MetricDataQueries = metrics.map((line, index) => {
    const [Namespace = "", MetricName = "", ...dimensions] = line.filter((part) => typeof part === "string");
    const shown = line.find((part) => typeof part === "object") ?? {};
    const Dimensions = Array.from({ length: dimensions.length / 2 }, (_, place) => ({
      Name: dimensions[place * 2] ?? "",
      Value: dimensions[place * 2 + 1] ?? "",
    }));
    const Metric = { Namespace, MetricName, Dimensions };
    return { Id: `m${index}`, MetricStat: { Metric, Period: shown.period ?? 300, Stat: shown.stat ?? stat } };
  });
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(aroundMs - 3 * 3_600_000),
      EndTime: new Date(aroundMs + 3_600_000),
    }),
  );
  return MetricDataResults.map(({ Values = [] }) => Values.length);
}
