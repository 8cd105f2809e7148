import { Monitoring } from "@reliq/cdk";
import { Duration, type Stack } from "aws-cdk-lib";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { QUEUE_KEYS, type QueueKey, queueNames } from "../domain/queues.ts";
import { NAMESPACE, PREFIX } from "../names.ts";
import type { Queues } from "./queues.ts";
import type { Topics } from "./topics.ts";
import { businessWidgets, operationWidgets } from "./widgets.ts";

const FIVE_MINUTES: Duration = Duration.minutes(5);

/** Over this share of failed attempts, percent, of at least `LEAST_ATTEMPTS` in five minutes, the alarm on errors rings. */
const ERROR_RATE_ABOVE = 5;
const LEAST_ATTEMPTS = 10;

/** The name of each queue's consumer, as its metrics have it. */
const CONSUMERS: Readonly<Record<QueueKey, string>> = {
  orders: "orders",
  priority_orders: "orders",
  large_orders: "orders",
  payments: "payments",
  inventory: "inventory",
  shipping: "shipping",
  notifications: "notifications",
};

/** Defines the alarms, which tell `system_health`, and the dashboard; all that is watched is defined before it. */
export function defineMonitoring(stack: Stack, queues: Queues, topics: Topics): Monitoring {
  const monitoring = new Monitoring(stack, "Monitoring", {
    name: PREFIX,
    topic: topics.system_health.topic,
    backlogAbove: 1_000,
    oldestAbove: FIVE_MINUTES,
    metricNamespace: `${NAMESPACE}/Logs`,
  });
  for (const key of QUEUE_KEYS) watchQueue(monitoring, queues, key);
  for (const [key, { topic, undelivered }] of Object.entries(topics)) {
    monitoring.addAlarm(`${key} Undelivered`, {
      metric: undelivered.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: "Maximum",
      }),
      above: 0,
      severity: "critical",
      why: `A subscriber of the topic ${key} did not get a message: it is in the queue ${PREFIX}-${key.replaceAll("_", "-")}-undelivered.`,
      runbook: "undelivered",
    });
    monitoring.addAlarm(`${key} Failures`, {
      metric: topic.metricNumberOfNotificationsFailed({ period: FIVE_MINUTES, statistic: "Sum" }),
      above: 0,
      severity: "warning",
      why: `Deliveries of the topic ${key} fail for good.`,
      runbook: "undelivered",
    });
  }
  monitoring.dashboard?.addWidgets(...businessWidgets(), ...operationWidgets(queues, errorRate));
  return monitoring;
}

function watchQueue(monitoring: Monitoring, queues: Queues, key: QueueKey): void {
  const { queue } = queues[key];
  monitoring.addAlarm(`${key} ErrorRate`, {
    metric: errorRate(key),
    above: ERROR_RATE_ABOVE,
    severity: "warning",
    why: `Over ${ERROR_RATE_ABOVE} % of the attempts on messages of the queue ${key} fail.`,
    runbook: "failure-rate",
  });
  const waiting = queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: "Minimum" });
  const processed = queue.metricNumberOfMessagesDeleted({ period: FIVE_MINUTES, statistic: "Sum" });
  monitoring.addAlarm(`${key} ProcessingRate`, {
    metric: new MathExpression({
      expression: "IF(waiting > 0 AND FILL(processed, 0) == 0, 1, 0)",
      usingMetrics: { waiting, processed },
      period: FIVE_MINUTES,
      label: `${key} stands still`,
    }),
    above: 0,
    severity: "critical",
    why: `Messages wait in the queue ${key}, and none was processed in five minutes.`,
    runbook: "backlog",
  });
}

/** Of the attempts on a queue's messages those that failed, percent, where there were enough to say so. */
function errorRate(key: QueueKey): MathExpression {
  const dimensionsMap = { Consumer: CONSUMERS[key], Queue: queueNames(key).queue };
  const count = (metricName: string): Metric => {
    return new Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic: "Sum", period: FIVE_MINUTES });
  };
  const [processed, failed] = [`processed_${key}`, `failed_${key}`];
  return new MathExpression({
    expression: `IF(${processed} + ${failed} >= ${LEAST_ATTEMPTS}, 100 * ${failed} / (${processed} + ${failed}), 0)`,
    usingMetrics: { [processed]: count("Processed"), [failed]: count("Failed") },
    period: FIVE_MINUTES,
    label: key,
  });
}
