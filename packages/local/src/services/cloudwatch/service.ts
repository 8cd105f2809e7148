import { createActivity } from "../../kernel/activity.ts";
import type { Action, Service, World } from "../../kernel/service.ts";
import { deleteAlarms } from "./actions/delete-alarms.ts";
import { deleteDashboards } from "./actions/delete-dashboards.ts";
import { describeAlarmHistory } from "./actions/describe-alarm-history.ts";
import { describeAlarms } from "./actions/describe-alarms.ts";
import { describeAlarmsForMetric } from "./actions/describe-alarms-for-metric.ts";
import { disableAlarmActions } from "./actions/disable-alarm-actions.ts";
import { enableAlarmActions } from "./actions/enable-alarm-actions.ts";
import { getDashboard } from "./actions/get-dashboard.ts";
import { getMetricData } from "./actions/get-metric-data.ts";
import { getMetricStatistics } from "./actions/get-metric-statistics.ts";
import { listDashboards } from "./actions/list-dashboards.ts";
import { listMetrics } from "./actions/list-metrics.ts";
import { putCompositeAlarm } from "./actions/put-composite-alarm.ts";
import { putDashboard } from "./actions/put-dashboard.ts";
import { putMetricAlarm } from "./actions/put-metric-alarm.ts";
import { putMetricData } from "./actions/put-metric-data.ts";
import { setAlarmState } from "./actions/set-alarm-state.ts";
import { createAlarms } from "./alarms/alarms.ts";
import { removeOldHistory } from "./alarms/history.ts";
import type { Cloudwatch } from "./cloudwatch.ts";
import { createCollector } from "./metrics/collector.ts";
import { removeOldData } from "./metrics/metric-store.ts";
import { QUERY_SHAPES } from "./query-shapes.ts";
import { compositeAlarmProvider, dashboardProvider, metricAlarmProvider } from "./resources.ts";
import { SCHEMA } from "./schema.ts";

/** How often data past its time is removed, ms. */
const CLEANING_MS = 3_600_000;

const MATH =
  "metric math has +, -, *, /, ^, comparisons, AND, OR, ABS, AVG, CEIL, DIFF, FILL, FLOOR, IF, MAX, METRICS, MIN, PERIOD, RATE and SUM; no SEARCH and no Metrics Insights";

/** Amazon CloudWatch: metrics, alarms and dashboards. */
export function cloudwatchService(world: World): Service {
  const { store, clock } = world;
  store.define(SCHEMA);
  const activity = createActivity();
  const collector = createCollector(world);
  const alarms = createAlarms(world, collector, activity);
  const cloudwatch: Cloudwatch = { world, collector, alarms };
  let cancelCleaning = (): void => {};
  const clean = async (): Promise<void> => {
    cancelCleaning = clock.at(clock.now() + CLEANING_MS, () => void clean());
    const remove = (): void => {
      removeOldData(store, clock.now());
      removeOldHistory(store, clock.now());
    };
    // A store that cannot be written has reported it; the next round tries again.
    await store.transaction(remove).catch(() => {});
  };
  return {
    name: "monitoring",
    actions: actionsOf(cloudwatch),
    partly: {
      DescribeAlarms: "only an alarm's last change of state has a time",
      GetMetricData: `${MATH}; all data in one answer; minutes are kept for 15 days, seconds for 3 hours`,
      GetMetricStatistics: "minutes are kept for 15 days, seconds for 3 hours",
      PutCompositeAlarm: "no suppression of actions",
      PutDashboard: "of the body, only that it is JSON with a list of widgets is checked; tags are not kept",
      PutMetricAlarm: `${MATH}; no anomaly detection; actions are SNS topics and functions, any other is noted as failed`,
      PutMetricData: "no `EntityMetricData`",
    },
    json: { targetPrefix: "GraniteServiceVersion20100801", version: "1.0", errorNamespace: "com.amazonaws.cloudwatch" },
    query: { namespace: "http://monitoring.amazonaws.com/doc/2010-08-01/", shapes: QUERY_SHAPES },
    resources: {
      "AWS::CloudWatch::Alarm": metricAlarmProvider(cloudwatch),
      "AWS::CloudWatch::CompositeAlarm": compositeAlarmProvider(cloudwatch),
      "AWS::CloudWatch::Dashboard": dashboardProvider(cloudwatch),
    },
    underWay: activity.underWay,
    start: async () => {
      await clean();
      alarms.start();
    },
    stop: async () => {
      cancelCleaning();
      await alarms.stop();
    },
  };
}

function actionsOf(cloudwatch: Cloudwatch): Record<string, Action> {
  return {
    DeleteAlarms: deleteAlarms(cloudwatch),
    DeleteDashboards: deleteDashboards(cloudwatch),
    DescribeAlarmHistory: describeAlarmHistory(cloudwatch),
    DescribeAlarms: describeAlarms(cloudwatch),
    DescribeAlarmsForMetric: describeAlarmsForMetric(cloudwatch),
    DisableAlarmActions: disableAlarmActions(cloudwatch),
    EnableAlarmActions: enableAlarmActions(cloudwatch),
    GetDashboard: getDashboard(cloudwatch),
    GetMetricData: getMetricData(cloudwatch),
    GetMetricStatistics: getMetricStatistics(cloudwatch),
    ListDashboards: listDashboards(cloudwatch),
    ListMetrics: listMetrics(cloudwatch),
    PutCompositeAlarm: putCompositeAlarm(cloudwatch),
    PutDashboard: putDashboard(cloudwatch),
    PutMetricAlarm: putMetricAlarm(cloudwatch),
    PutMetricData: putMetricData(cloudwatch),
    SetAlarmState: setAlarmState(cloudwatch),
  };
}
