import { Duration } from "aws-cdk-lib";
import {
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  Metric,
  Row,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { QUEUE_KEYS, type QueueKey } from "../domain/queues.ts";
import { NAMESPACE } from "../names.ts";
import type { Queues } from "./queues.ts";

const MINUTE: Duration = Duration.minutes(1);
const HOUR: Duration = Duration.hours(1);

/** How the business fares: orders, money, and how long and how well orders go. */
export function businessWidgets(): readonly IWidget[] {
  const totals = [
    count("Orders_Created", "orders", HOUR),
    count("Orders_Shipped", "shipped", HOUR),
    amount("Revenue_Cents", "revenue"),
    amount("Refunded_Cents", "refunded"),
    successRate(),
    orderSeconds("p95", HOUR),
  ];
  const ends = ["Orders_Created", "Orders_Shipped", "Orders_Cancelled", "Orders_Rejected"].map((name) => {
    return count(name, name.replace("Orders_", "").toLowerCase(), MINUTE);
  });
  return [
    new SingleValueWidget({ title: "The shop, this hour", metrics: totals, width: 24, height: 3 }),
    new Row(
      graph("Orders", 8, ends),
      graph("Money", 8, [amount("Revenue_Cents", "revenue"), amount("Refunded_Cents", "refunded")]),
      graph("Seconds from order to shipment", 8, [orderSeconds("p50", MINUTE), orderSeconds("p95", MINUTE)]),
    ),
  ];
}

/** How the services fare: how busy queues are, how long batches take, and which share of attempts fails. */
export function operationWidgets(queues: Queues, errorRate: (key: QueueKey) => IMetric): readonly IWidget[] {
  const most = { period: MINUTE, statistic: "Maximum" };
  const inFlight = QUEUE_KEYS.map((key) => {
    return queues[key].queue.metricApproximateNumberOfMessagesNotVisible({ ...most, label: key });
  });
  const utilisation = QUEUE_KEYS.map((key) => {
    const sum = { period: MINUTE, statistic: "Sum" };
    const usingMetrics = {
      [`sent${key}`]: queues[key].queue.metricNumberOfMessagesSent(sum),
      [`deleted${key}`]: queues[key].queue.metricNumberOfMessagesDeleted(sum),
    };
    const expression = `IF(deleted${key} > 0, 100 * sent${key} / deleted${key}, 0)`;
    return new MathExpression({ expression, usingMetrics, period: MINUTE, label: key });
  });
  return [
    new Row(
      graph("Messages at work", 8, inFlight),
      graph("Queue utilisation: sent per processed, %", 8, utilisation),
      graph("Attempts that fail, %", 8, QUEUE_KEYS.map(errorRate)),
    ),
  ];
}

function count(metricName: string, label: string, period: Duration): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, label, period, statistic: "Sum" });
}

function amount(metricName: string, label: string): MathExpression {
  return new MathExpression({
    expression: `cents_${label} / 100`,
    usingMetrics: { [`cents_${label}`]: count(metricName, label, HOUR) },
    period: HOUR,
    label,
  });
}

function orderSeconds(statistic: "p50" | "p95", period: Duration): Metric {
  const label = `${statistic} seconds`;
  return new Metric({ namespace: NAMESPACE, metricName: "Order_Seconds", label, period, statistic });
}

/** Of the orders that have ended, those that were shipped, percent. */
function successRate(): MathExpression {
  const ended = (metricName: string): Metric => count(metricName, metricName, HOUR);
  return new MathExpression({
    expression: "100 * FILL(shipped, 0) / (FILL(shipped, 0) + FILL(cancelled, 0) + FILL(rejected, 0))",
    usingMetrics: {
      shipped: ended("Orders_Shipped"),
      cancelled: ended("Orders_Cancelled"),
      rejected: ended("Orders_Rejected"),
    },
    period: HOUR,
    label: "success, %",
  });
}

function graph(title: string, width: number, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width, height: 6 });
}
