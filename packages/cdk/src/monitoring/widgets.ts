import { Duration } from "aws-cdk-lib";
import {
  AlarmStatusWidget,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  Row,
} from "aws-cdk-lib/aws-cloudwatch";
import { logMetric } from "./log-metrics.ts";
import type { Observed } from "./observed.ts";

const SUM = { period: Duration.minutes(1), statistic: "Sum" } as const;
const MOST = { period: Duration.minutes(1), statistic: "Maximum" } as const;
const P99 = { period: Duration.minutes(1), statistic: "p99" } as const;

/** The codes of events that say how messages fare; the others are one query away. */
const EVENTS = ["attempt-failed", "message-deferred", "group-held", "journal-unavailable", "claims-unavailable"];

/** The most alarms that one widget shows (CloudWatch user guide, "Dashboard body structure"). */
const MOST_ALARMS = 100;

/** What the dashboard shows, row by row; what does not exist has no row. */
export function deriveWidgets(observed: Observed, alarms: readonly IAlarm[], namespace: string): readonly IWidget[] {
  return [
    new AlarmStatusWidget({ title: "Alarms", alarms: alarms.slice(0, MOST_ALARMS), width: 24, height: 4 }),
    ...queueRow(observed),
    ...messageRow(observed, namespace),
    ...functionRow(observed),
    ...apiRow(observed),
    ...observed.recoveries.flatMap(({ dashboard, widgets }) => (dashboard ? [] : widgets)),
  ];
}

function queueRow({ queues }: Observed): readonly IWidget[] {
  if (queues.length === 0) return [];
  const depths = queues.flatMap(({ it: { queue, deadLetterQueue }, label }) => [
    queue.metricApproximateNumberOfMessagesVisible({ ...MOST, label: `${label} waiting` }),
    ...(deadLetterQueue
      ? [deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...MOST, label: `${label} dead letters` })]
      : []),
  ]);
  const ages = queues.map(({ it, label }) => it.queue.metricApproximateAgeOfOldestMessage({ ...MOST, label }));
  return [new Row(graph("Messages in queues", 12, depths), graph("Age of the oldest message, s", 12, ages))];
}

function messageRow({ consumers, functions }: Observed, namespace: string): readonly IWidget[] {
  if (functions.length === 0) return [];
  const events = EVENTS.map((Event) => logMetric(namespace, "Events", Event, { Event }));
  const told = graph("What the logs say", consumers.length > 0 ? 12 : 24, events);
  if (consumers.length === 0) return [new Row(told)];
  const counts = consumers.flatMap(({ source }) => {
    const Queue = source.queue.queueName;
    return [
      logMetric(namespace, "Processed", "processed", { Queue }),
      logMetric(namespace, "IdempotencyHits", "idempotency hits", { Queue }),
    ];
  });
  return [new Row(graph("Messages", 12, counts), told)];
}

function functionRow({ functions }: Observed): readonly IWidget[] {
  if (functions.length === 0) return [];
  const invocations = functions.map(({ it, label }) => it.metricInvocations({ ...SUM, label }));
  const troubles = functions.flatMap(({ it, label }) => [
    it.metricErrors({ ...SUM, label: `${label} errors` }),
    it.metricThrottles({ ...SUM, label: `${label} throttles` }),
  ]);
  const durations = functions.map(({ it, label }) => it.metricDuration({ ...P99, label }));
  return [
    new Row(
      graph("Invocations", 8, invocations),
      graph("Errors and throttles", 8, troubles),
      graph("Duration of 99 %, ms", 8, durations),
    ),
  ];
}

function apiRow({ apis }: Observed): readonly IWidget[] {
  if (apis.length === 0) return [];
  const answers = apis.flatMap(({ it, label }) => [
    it.metricCount({ ...SUM, label: `${label} requests` }),
    it.metricClientError({ ...SUM, label: `${label} 4xx` }),
    it.metricServerError({ ...SUM, label: `${label} 5xx` }),
  ]);
  const latencies = apis.map(({ it, label }) => it.metricLatency({ ...P99, label }));
  return [new Row(graph("API requests", 12, answers), graph("API latency of 99 %, ms", 12, latencies))];
}

function graph(title: string, width: number, left: readonly IMetric[]): GraphWidget {
  return new GraphWidget({ title, left: [...left], width, height: 6 });
}
