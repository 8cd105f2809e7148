import {
  CloudWatchClient,
  type CompositeAlarm,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListDashboardsCommand,
  type MetricAlarm,
  type MetricDataQuery,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import type { MetricAnswer, MetricRequest, ShownAlarm, ShownDashboard } from "@reliq/console";
import { clientSettings } from "../client-settings.ts";

function clientOf(endpoint: string): CloudWatchClient {
  return new CloudWatchClient(clientSettings(endpoint));
}

/** The most alarms of one answer (DescribeAlarms). */
const LARGEST_PAGE = 100;

/** Every alarm, those that ring first. */
export async function readAlarms(endpoint: string): Promise<readonly ShownAlarm[]> {
  const client = clientOf(endpoint);
  const alarms: ShownAlarm[] = [];
  // Without their type, composite ones are left out.
  const every = { AlarmTypes: ["CompositeAlarm" as const, "MetricAlarm" as const], MaxRecords: LARGEST_PAGE };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, every)) {
    alarms.push(...[...MetricAlarms, ...CompositeAlarms].map(shownAlarm));
  }
  client.destroy();
  const order = ["ALARM", "INSUFFICIENT_DATA", "OK"];
  return alarms.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
}

/** Every dashboard with its definition. */
export async function readDashboards(endpoint: string): Promise<readonly ShownDashboard[]> {
  const client = clientOf(endpoint);
  const { DashboardEntries = [] } = await client.send(new ListDashboardsCommand({}));
  return Promise.all(
    DashboardEntries.map(async ({ DashboardName }) => {
      const { DashboardBody = "{}" } = await client.send(new GetDashboardCommand({ DashboardName }));
      return { name: DashboardName ?? "", body: DashboardBody };
    }),
  );
}

/** The values of metrics and of expressions over them. */
export async function readMetrics(
  endpoint: string,
  _query: URLSearchParams,
  body: string | undefined,
): Promise<MetricAnswer> {
  const { fromMs, toMs, queries } = JSON.parse(body ?? "{}") as MetricRequest;
  const { MetricDataResults = [] } = await clientOf(endpoint).send(
    new GetMetricDataCommand({
      StartTime: new Date(fromMs),
      EndTime: new Date(toMs),
      ScanBy: "TimestampAscending",
      MetricDataQueries: queries as MetricDataQuery[],
    }),
  );
  return {
    series: MetricDataResults.map(({ Id = "", Label = "", Timestamps = [], Values = [] }) => ({
      id: Id,
      label: Label,
      points: Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0] as const),
    })),
  };
}

function shownAlarm(alarm: MetricAlarm | CompositeAlarm): ShownAlarm {
  const { AlarmName = "", AlarmDescription = "", StateValue = "INSUFFICIENT_DATA", StateReason = "" } = alarm;
  const since = (alarm.StateUpdatedTimestamp ?? new Date(0)).toISOString();
  const condition = "AlarmRule" in alarm ? alarm.AlarmRule : conditionOf(alarm);
  return {
    name: AlarmName,
    description: AlarmDescription,
    state: StateValue,
    because: StateReason,
    since,
    ...(condition !== undefined && { condition }),
  };
}

const SIGNS: Readonly<Record<string, string>> = {
  GreaterThanOrEqualToThreshold: "≥",
  GreaterThanThreshold: ">",
  LessThanOrEqualToThreshold: "≤",
  LessThanThreshold: "<",
};

/** `ApproximateAgeOfOldestMessage (Maximum) > 600 for 5 of 5 periods of 60 s` */
function conditionOf(alarm: MetricAlarm): string | undefined {
  const { MetricName, Statistic, ExtendedStatistic, ComparisonOperator = "", Threshold, Period } = alarm;
  const { EvaluationPeriods = 1, DatapointsToAlarm = EvaluationPeriods, Metrics = [] } = alarm;
  const returned = Metrics.find(({ ReturnData = true }) => ReturnData);
  const of = MetricName
    ? `${MetricName} (${Statistic ?? ExtendedStatistic})`
    : (returned?.Label ?? returned?.Expression);
  if (of === undefined) return undefined;
  const period = Period === undefined ? "" : ` of ${Period} s`;
  return `${of} ${SIGNS[ComparisonOperator] ?? ComparisonOperator} ${Threshold} for ${DatapointsToAlarm} of ${EvaluationPeriods} periods${period}`;
}
