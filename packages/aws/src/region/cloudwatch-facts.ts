import {
  type CloudWatchClient,
  type CompositeAlarm,
  GetDashboardCommand,
  GetMetricDataCommand,
  ListDashboardsCommand,
  type MetricAlarm,
  type MetricDataQuery,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import { chunks } from "@reliq/core";
import type { MetricAnswer, MetricRequest, ShownAlarm, ShownDashboard } from "@reliq/core/recovery";

/** The most alarms of one answer, and the most names of one request (DescribeAlarms). */
const LARGEST_PAGE = 100;

/** Without their type, composite ones are left out. */
const EVERY_TYPE = ["CompositeAlarm", "MetricAlarm"] as const;

/** Every alarm, or those of some names; those that ring first. */
export async function readAlarms(client: CloudWatchClient, names?: readonly string[]): Promise<readonly ShownAlarm[]> {
  const asked = names ? chunks(names, LARGEST_PAGE).map((AlarmNames) => ({ AlarmNames })) : [{}];
  const read = asked.map(async (some) => {
    const alarms: ShownAlarm[] = [];
    const pages = paginateDescribeAlarms(
      { client },
      { ...some, AlarmTypes: [...EVERY_TYPE], MaxRecords: LARGEST_PAGE },
    );
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
      alarms.push(...[...MetricAlarms, ...CompositeAlarms].map(shownAlarm));
    }
    return alarms;
  });
  const order = ["ALARM", "INSUFFICIENT_DATA", "OK"];
  return (await Promise.all(read))
    .flat()
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
}

/** Every dashboard with its definition, or those of some names. */
export async function readDashboards(
  client: CloudWatchClient,
  names?: readonly string[],
): Promise<readonly ShownDashboard[]> {
  return Promise.all(
    (names ?? (await allDashboards(client))).map(async (name) => {
      const { DashboardBody = "{}" } = await client.send(new GetDashboardCommand({ DashboardName: name }));
      return { name, body: DashboardBody };
    }),
  );
}

async function allDashboards(client: CloudWatchClient): Promise<readonly string[]> {
  const { DashboardEntries = [] } = await client.send(new ListDashboardsCommand({}));
  return DashboardEntries.map(({ DashboardName = "" }) => DashboardName);
}

/** The values of metrics and of expressions over them. */
export async function readMetrics(
  client: CloudWatchClient,
  { fromMs, toMs, queries }: MetricRequest,
): Promise<MetricAnswer> {
  const { MetricDataResults = [] } = await client.send(
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
