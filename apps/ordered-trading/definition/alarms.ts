import { Duration } from "aws-cdk-lib";
import { type Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { NAMESPACE } from "../domain/batch-metrics.ts";

interface AlarmRule {
  readonly id: string;
  readonly name: string;
  readonly metricName: string;
  readonly statistic: string;
  readonly minutes: number;
  readonly threshold: number;
  readonly description: string;
}

/** When somebody is told. An order costs some 0.005 USD a thousand: ten times that is retries, duplicates or a processor that hangs. */
const ALARMS: readonly AlarmRule[] = [
  {
    id: "FailureRateAlarm",
    name: "failure-rate",
    metricName: "FailureRate",
    statistic: "Average",
    minutes: 5,
    threshold: 5,
    description: "More than 5 % of the attempts on orders fail. `reliq failures` says why.",
  },
  {
    id: "ProcessingLatencyAlarm",
    name: "processing-latency",
    metricName: "ProcessingLatency",
    statistic: "p95",
    minutes: 5,
    threshold: 30_000,
    description: "One order in twenty waits for more than 30 s from the queue's acceptance to its effect.",
  },
  {
    id: "CostAnomalyAlarm",
    name: "cost-anomaly",
    metricName: "CostPerThousandOrders",
    statistic: "Average",
    minutes: 15,
    threshold: 0.05,
    description: "Orders cost ten times what they usually do: look for retries, duplicates and slow attempts.",
  },
];

const POISON: AlarmRule = {
  id: "PoisonMessagesAlarm",
  name: "poison-messages",
  metricName: "PoisonMessages",
  statistic: "Sum",
  minutes: 5,
  threshold: 0,
  description: "Poison messages came. The poison handler's log and `reliq failures` say what became of each.",
};

/** Defines the alarms on orders, and where there is a poison handler on poison; all tell the topic. */
export function defineAlarms(scope: Construct, project: string, topic: ITopic, poison: boolean): readonly Alarm[] {
  return [...ALARMS, ...(poison ? [POISON] : [])].map((rule) => defineAlarm(scope, project, topic, rule));
}

function defineAlarm(scope: Construct, project: string, topic: ITopic, rule: AlarmRule): Alarm {
  const { id, name, metricName, statistic, minutes, threshold, description } = rule;
  const metric = new Metric({ namespace: NAMESPACE, metricName, statistic, period: Duration.minutes(minutes) });
  const alarm = metric.createAlarm(scope, id, {
    alarmName: `${project}-${name}`,
    alarmDescription: description,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
