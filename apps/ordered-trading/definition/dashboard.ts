import { Duration } from "aws-cdk-lib";
import { Dashboard, GraphWidget, type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { NAMESPACE } from "../domain/batch-metrics.ts";
import type { Names } from "../names.ts";
import type { OrderQueues } from "./queues.ts";

/** What the dashboard shows beside the metrics of the namespace. */
export interface Shown {
  readonly queues: OrderQueues;
  readonly functions: readonly LambdaFunction[];
}

/** Defines the dashboard: orders, poison, queues, functions, and what it costs. */
export function defineDashboard(scope: Construct, names: Names, { queues, functions }: Shown): void {
  const deadLetters = queues.deadLetterQueue;
  const dashboard = new Dashboard(scope, "Dashboard", { dashboardName: names.dashboard });
  dashboard.addWidgets(
    panel("Orders", [own("ProcessedOrders", "Sum")], [own("FailureRate", "Average")]),
    panel("Processing", [own("ProcessingLatency", "p95")], [own("ProcessingEfficiency", "Average")]),
  );
  dashboard.addWidgets(
    panel(
      "Poison messages",
      ["PoisonMessages", "Auto_Healed_Count", "Archived_Count"].map((name) => own(name, "Sum")),
    ),
    panel(
      "Queues",
      [queues.queue, ...(deadLetters ? [deadLetters] : [])].map((queue) =>
        queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: "Maximum" }),
      ),
      [queues.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1), statistic: "Maximum" })],
    ),
  );
  dashboard.addWidgets(
    panel(
      "Functions",
      functions.map((each) => each.metricErrors({ period: Duration.minutes(1), label: `${each.node.path} errors` })),
      functions.map((each) =>
        each.metricDuration({ period: Duration.minutes(1), label: `${each.node.path} duration` }),
      ),
    ),
    panel("Cost, USD a thousand orders", [own("CostPerThousandOrders", "Average")]),
  );
}

function own(metricName: string, statistic: string): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, statistic, period: Duration.minutes(1) });
}

function panel(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, width: 12, left, right });
}
