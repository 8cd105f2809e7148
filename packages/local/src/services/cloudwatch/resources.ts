import type { Resource, ResourceProvider } from "../../kernel/resource.ts";
import { alarmArn, removeAlarm } from "./alarms/alarm-store.ts";
import { putAlarm, readTags } from "./alarms/put.ts";
import type { Cloudwatch } from "./cloudwatch.ts";
import { putDashboard, removeDashboard } from "./dashboards.ts";

const SHARED = [
  "ActionsEnabled",
  "AlarmActions",
  "AlarmDescription",
  "AlarmName",
  "InsufficientDataActions",
  "OKActions",
  "Tags",
];

const OF_METRICS = [
  ..."ComparisonOperator DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationPeriods".split(" "),
  ..."ExtendedStatistic MetricName Metrics Namespace Period Statistic Threshold TreatMissingData Unit".split(" "),
];

/** `AWS::CloudWatch::Alarm` */
export function metricAlarmProvider(cloudwatch: Cloudwatch): ResourceProvider {
  return alarmProvider(cloudwatch, [...SHARED, ...OF_METRICS]);
}

/** `AWS::CloudWatch::CompositeAlarm` */
export function compositeAlarmProvider(cloudwatch: Cloudwatch): ResourceProvider {
  return alarmProvider(cloudwatch, [...SHARED, "AlarmRule"]);
}

/** An existing alarm of the name keeps its state. */
function alarmProvider(cloudwatch: Cloudwatch, supported: readonly string[]): ResourceProvider {
  const { world, alarms } = cloudwatch;
  return {
    supported,
    put: async ({ properties, name }): Promise<Resource> => {
      const alarmName = await putAlarm(
        cloudwatch,
        { ...properties, AlarmName: properties["AlarmName"] ?? name },
        readTags(properties),
      );
      return { ref: alarmName, attributes: { Arn: alarmArn(world, alarmName) } };
    },
    remove: async ({ ref }) => {
      await world.store.transaction(() => removeAlarm(world.store, ref));
      await alarms.settle();
    },
  };
}

/** `AWS::CloudWatch::Dashboard` */
export function dashboardProvider({ world }: Cloudwatch): ResourceProvider {
  return {
    supported: ["DashboardBody", "DashboardName"],
    kept: { Tags: "nothing lists dashboards by tag" },
    put: async ({ properties, name }) => {
      const dashboardName = String(properties["DashboardName"] ?? name);
      await putDashboard(world, { ...properties, DashboardName: dashboardName });
      return { ref: dashboardName, attributes: {} };
    },
    remove: ({ ref }) => world.store.transaction(() => removeDashboard(world.store, ref)),
  };
}
