import { Duration, type Stack } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Configuration } from "../configuration.ts";
import { NAMESPACE, type Names } from "../names.ts";
import type { FunctionParts } from "./functions.ts";
import type { QueueParts } from "./queue.ts";

interface Observed {
  readonly parts: QueueParts;
  readonly functions: FunctionParts;
  readonly api: HttpApi;
}

const MINUTE = Duration.minutes(1);

/** Defines the dashboard and the alarms, which tell the topic of alarms. */
export function defineObservability(
  stack: Stack,
  configuration: Configuration,
  names: Names,
  observed: Observed,
): void {
  defineDashboard(stack, names, observed);
  const { parts, functions, api } = observed;
  const alarm = (id: string, metric: IMetric, threshold: number, alarmDescription: string): void => {
    const made = new Alarm(stack, id, {
      metric,
      threshold,
      alarmDescription,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    made.addAlarmAction(new SnsAction(parts.alarms));
  };
  const { ingest, worker, redrive } = functions;
  for (const [name, each] of Object.entries({ Ingest: ingest, Worker: worker, Redrive: redrive })) {
    const why = `Critical: the function ${name.toLowerCase()} fails. Its log group says why.`;
    alarm(`${name}Errors`, each.metricErrors({ period: MINUTE, statistic: "Sum" }), 0, why);
    const slow = `Warning: the function ${name.toLowerCase()} is throttled: raise its concurrency, or the account's.`;
    alarm(`${name}Throttles`, each.metricThrottles({ period: MINUTE, statistic: "Sum" }), 0, slow);
  }
  const serverErrors = api.metricServerError({ period: MINUTE, statistic: "Sum" });
  alarm(
    "ApiServerErrors",
    serverErrors,
    0,
    "Critical: the API answers 5xx. No accepted event is lost; clients repeat.",
  );
  const latency = api.metricLatency({ period: MINUTE, statistic: "p99" });
  alarm("ApiLatency", latency, 1_000, "Warning: one of a hundred requests takes over a second.");
  const { queueVisibilitySeconds } = configuration;
  const age = parts.queue.queue.metricApproximateAgeOfOldestMessage({ period: MINUTE, statistic: "Maximum" });
  alarm("Backlog", age, queueVisibilitySeconds, "Warning: an event waits longer than one visibility timeout.");
}

function defineDashboard(stack: Stack, names: Names, { parts, functions, api }: Observed): void {
  const dashboard = new Dashboard(stack, "Dashboard", { dashboardName: names.dashboard });
  const { queue, deadLetterQueue } = parts.queue;
  const { ingest, worker, redrive } = functions;
  const all = [ingest, worker, redrive];
  const counted = (metricName: string, label: string): IMetric =>
    new Metric({
      namespace: NAMESPACE,
      metricName,
      label,
      dimensionsMap: { Consumer: "events", Queue: names.queue },
      statistic: "Sum",
      period: MINUTE,
    });
  const visible = { period: MINUTE, statistic: "Maximum" } as const;
  dashboard.addWidgets(
    graph("Queue", [
      queue.metricApproximateNumberOfMessagesVisible({ ...visible, label: "waiting" }),
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...visible, label: "dead letters" }),
    ]),
    graph("Age of the oldest event", [queue.metricApproximateAgeOfOldestMessage({ ...visible, label: "seconds" })]),
    graph("Events", [
      counted("Processed", "processed"),
      counted("Duplicate", "idempotency hits"),
      counted("Failed", "failed attempts"),
    ]),
  );
  const sum = { period: MINUTE, statistic: "Sum" } as const;
  dashboard.addWidgets(
    graph(
      "Invocations",
      all.map((each) => each.metricInvocations(sum)),
    ),
    graph(
      "Errors",
      all.map((each) => each.metricErrors(sum)),
    ),
    graph(
      "Duration",
      all.map((each) => each.metricDuration({ period: MINUTE, statistic: "p99" })),
    ),
  );
  dashboard.addWidgets(
    graph("API requests", [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)]),
    graph("API latency", [api.metricLatency({ period: MINUTE, statistic: "p99" })]),
  );
}

function graph(title: string, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6 });
}
