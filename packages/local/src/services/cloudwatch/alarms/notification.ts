import type { Members, World } from "../../../kernel/service.ts";
import { type Alarm, type AlarmState, alarmArn, isComposite } from "./alarm-store.ts";
import { type MetricAlarm, readMetricAlarm } from "./definition.ts";
import { awsTime } from "./evaluate.ts";

/** What an alarm tells its targets of one transition. */
export interface Notification {
  readonly subject: string;
  /** The message to an SNS topic, JSON. */
  readonly message: string;
  /** The event to a function, JSON. */
  readonly event: string;
}

/** The notification of an alarm that was in another state before (CloudWatch user guide, alarm actions). */
export function notificationOf(world: World, alarm: Alarm, before: AlarmState): Notification {
  const where = world.region === "us-east-1" ? "US East (N. Virginia)" : world.region;
  return {
    subject: `${alarm.state.value}: "${alarm.name}" in ${where}`.slice(0, 100),
    message: JSON.stringify(messageOf(world, alarm, before, where)),
    event: JSON.stringify(eventOf(world, alarm, before)),
  };
}

function messageOf(world: World, alarm: Alarm, before: AlarmState, where: string): Members {
  const { definition, state } = alarm;
  return {
    AlarmName: alarm.name,
    AlarmDescription: definition["AlarmDescription"] ?? null,
    AWSAccountId: world.accountId,
    AlarmConfigurationUpdatedTimestamp: awsTime(definition.configuredAtMs),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: awsTime(state.updatedAtMs),
    Region: where,
    AlarmArn: alarmArn(world, alarm.name),
    OldStateValue: before.value,
    OKActions: definition["OKActions"] ?? [],
    AlarmActions: definition["AlarmActions"] ?? [],
    InsufficientDataActions: definition["InsufficientDataActions"] ?? [],
    ...(isComposite(alarm)
      ? { AlarmRule: definition["AlarmRule"] }
      : { Trigger: triggerOf(readMetricAlarm(definition), definition) }),
  };
}

function triggerOf(alarm: MetricAlarm, definition: Members): Members {
  const rule = {
    Period: alarm.watched.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
    ComparisonOperator: alarm.comparison,
    Threshold: alarm.threshold,
    TreatMissingData: alarm.treatMissingData,
    EvaluateLowSampleCountPercentile: definition["EvaluateLowSampleCountPercentile"] ?? "",
  };
  if (definition["Metrics"] !== undefined) return { ...rule, Metrics: definition["Metrics"] };
  const { source } = alarm.watched;
  if (!("stat" in source)) return rule;
  const { metric, stat, unit } = source.stat;
  return {
    MetricName: metric.name,
    Namespace: metric.namespace,
    ...(definition["ExtendedStatistic"] === undefined
      ? { StatisticType: "Statistic", Statistic: stat.toUpperCase() }
      : { StatisticType: "ExtendedStatistic", ExtendedStatistic: stat }),
    Unit: unit ?? null,
    Dimensions: metric.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    ...rule,
  };
}

function eventOf(world: World, alarm: Alarm, before: AlarmState): Members {
  const { definition, state } = alarm;
  const stateOf = ({ value, reason, reasonData, updatedAtMs }: AlarmState): Members => ({
    value,
    reason,
    ...(reasonData !== undefined && { reasonData }),
    timestamp: awsTime(updatedAtMs),
  });
  return {
    source: "aws.cloudwatch",
    alarmArn: alarmArn(world, alarm.name),
    accountId: world.accountId,
    time: awsTime(state.updatedAtMs),
    region: world.region,
    alarmData: {
      alarmName: alarm.name,
      state: stateOf(state),
      previousState: stateOf(before),
      configuration: {
        ...(definition["AlarmDescription"] !== undefined && { description: definition["AlarmDescription"] }),
        ...(isComposite(alarm)
          ? { alarmRule: definition["AlarmRule"] }
          : { metrics: readMetricAlarm(definition).queries.map(metricOf) }),
      },
    },
  };
}

function metricOf({ id, label, returned, source }: MetricAlarm["queries"][number]): Members {
  if (!("stat" in source)) return { id, expression: source.text, label, returnData: returned };
  const { metric, periodSeconds, stat, unit } = source.stat;
  const dimensions = Object.fromEntries(metric.dimensions.map(({ Name, Value }) => [Name, Value]));
  return {
    id,
    metricStat: {
      metric: { namespace: metric.namespace, name: metric.name, dimensions },
      period: periodSeconds,
      stat,
      ...(unit !== undefined && { unit }),
    },
    returnData: returned,
  };
}
