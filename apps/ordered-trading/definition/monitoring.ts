import { type AlarmRule, Monitoring } from "@reliq/cdk";
import { Duration, type Stack } from "aws-cdk-lib";
import { GraphWidget, type IMetric, Metric, Row } from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { NAMESPACE } from "../domain/batch-metrics.ts";
import type { Names } from "../names.ts";

/** When somebody is told of orders. An order costs some 0.005 USD a thousand: ten times that is retries, duplicates or a processor that hangs. */
const ALARMS: Readonly<Record<string, AlarmRule>> = {
  FailureRate: {
    metric: own("FailureRate", "Average", 5),
    above: 5,
    severity: "warning",
    why: "More than 5 % of the attempts on orders fail.",
    runbook: "failure-rate",
  },
  ProcessingLatency: {
    metric: own("ProcessingLatency", "p95", 5),
    above: 30_000,
    severity: "warning",
    why: "One order in twenty waits for more than 30 s from the queue's acceptance to its effect.",
    runbook: "latency",
  },
  CostAnomaly: {
    metric: own("CostPerThousandOrders", "Average", 15),
    above: 0.05,
    severity: "warning",
    why: "Orders cost ten times what they usually do.",
    runbook: "cost",
  },
};

const POISON: AlarmRule = {
  metric: own("PoisonMessages", "Sum", 5),
  above: 0,
  severity: "critical",
  why: "Poison messages came.",
  runbook: "failure-rate",
};

/** Defines the alarms, the dashboard, the metrics of logs and the saved queries; with a poison handler, those of poison too. */
export function defineMonitoring(stack: Stack, names: Names, topic: ITopic, poison: boolean): void {
  const monitoring = new Monitoring(stack, "Monitoring", { name: names.dashboard, topic });
  const alarms = { ...ALARMS, ...(poison && { PoisonMessages: POISON }) };
  for (const [id, rule] of Object.entries(alarms)) monitoring.addAlarm(id, rule);
  monitoring.dashboard?.addWidgets(
    new Row(
      panel("Orders", [own("ProcessedOrders", "Sum")], [own("FailureRate", "Average")]),
      panel("Processing", [own("ProcessingLatency", "p95")], [own("ProcessingEfficiency", "Average")]),
    ),
    new Row(
      panel(
        "Poison messages",
        ["PoisonMessages", "Auto_Healed_Count", "Archived_Count"].map((name) => own(name, "Sum")),
      ),
      panel("Cost, USD a thousand orders", [own("CostPerThousandOrders", "Average")]),
    ),
  );
}

function own(metricName: string, statistic: string, minutes = 1): Metric {
  return new Metric({ namespace: NAMESPACE, metricName, statistic, period: Duration.minutes(minutes) });
}

function panel(title: string, left: IMetric[], right: IMetric[] = []): GraphWidget {
  return new GraphWidget({ title, width: 12, left, right });
}
