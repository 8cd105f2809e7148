import { Duration } from "aws-cdk-lib";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { AlarmRule } from "../alarm.ts";
import type { Outbox } from "../outbox.ts";
import { logMetric } from "./log-metrics.ts";
import type { Named, Observed } from "./observed.ts";
import type { MonitoringThresholds } from "./props.ts";

/** An alarm's rule, with the place that it has among those of what it watches. */
export interface PlacedRule extends AlarmRule {
  readonly label: string;
  readonly id: string;
}

type Thresholds = Required<MonitoringThresholds>;
type OwnRule = Omit<PlacedRule, "label">;

const MINUTE: Duration = Duration.minutes(1);
const FIVE_MINUTES: Duration = Duration.minutes(5);

/** Recovery counts every five minutes: by the minute an alarm on what it finds would clear, and ring anew, each time. */
const TWO_SWEEPS: Duration = Duration.minutes(10);

/** How long one invocation may take where its definition does not say it (Lambda quotas). */
const DEFAULT_TIMEOUT: Duration = Duration.seconds(3);

/** The alarms on what is watched, beside those that constructs have by themselves. */
export function deriveAlarms(observed: Observed, thresholds: Thresholds, namespace: string): readonly PlacedRule[] {
  const { queues, functions, apis, outboxes, recoveries } = observed;
  const ofRecoveries = new Set(recoveries.map((each) => each.function));
  return [
    ...each(queues, ({ it, label }) => queueRules(it.queue, label, thresholds)),
    ...each(functions, ({ it, label }) => functionRules(it, label, thresholds, ofRecoveries.has(it))),
    ...each(apis, ({ it, label }) => apiRules(it, label, thresholds)),
    ...each(outboxes, ({ it, label }) => outboxRules(it, label, thresholds)),
    ...logRules(observed, thresholds, namespace),
  ];
}

function each<T>(all: readonly Named<T>[], rulesOf: (one: Named<T>) => readonly OwnRule[]): readonly PlacedRule[] {
  return all.flatMap((one) => rulesOf(one).map((rule) => ({ ...rule, label: one.label })));
}

function queueRules(queue: IQueue, label: string, { backlogAbove, oldestAbove }: Thresholds): readonly OwnRule[] {
  const most = { period: MINUTE, statistic: "Maximum" };
  const rule = { severity: "warning", runbook: "backlog" } as const;
  return [
    {
      ...rule,
      id: "Backlog",
      metric: queue.metricApproximateNumberOfMessagesVisible(most),
      above: backlogAbove,
      why: `More than ${backlogAbove} messages wait in the queue ${label}.`,
    },
    {
      ...rule,
      id: "OldestMessage",
      metric: queue.metricApproximateAgeOfOldestMessage(most),
      above: oldestAbove.toSeconds(),
      why: `A message of the queue ${label} waits for more than ${oldestAbove.toHumanString()}.`,
    },
  ];
}

/** Errors of a function of recovery have an alarm of its own. */
function functionRules(
  it: LambdaFunction,
  label: string,
  { errorsAbove, throttlesAbove, durationAbovePercent }: Thresholds,
  recovers: boolean,
): readonly OwnRule[] {
  const sum = { period: MINUTE, statistic: "Sum" };
  const timeout = it.timeout ?? DEFAULT_TIMEOUT;
  const errors: OwnRule = {
    id: "Errors",
    metric: it.metricErrors(sum),
    above: errorsAbove,
    severity: "critical",
    why: `Invocations of the function ${label} fail.`,
    runbook: "function-errors",
  };
  return [
    ...(recovers ? [] : [errors]),
    {
      id: "Throttles",
      metric: it.metricThrottles(sum),
      above: throttlesAbove,
      severity: "warning",
      why: `Invocations of the function ${label} are throttled: it has no free concurrency.`,
      runbook: "throttling",
    },
    {
      id: "Duration",
      metric: it.metricDuration({ period: FIVE_MINUTES, statistic: "p99" }),
      above: (timeout.toMilliseconds() * durationAbovePercent) / 100,
      severity: "warning",
      why: `One of a hundred invocations of the function ${label} takes over ${durationAbovePercent} % of its timeout, ${timeout.toHumanString()}.`,
      runbook: "latency",
    },
  ];
}

function apiRules(api: HttpApi, label: string, { serverErrorsAbove, latencyAboveMs }: Thresholds): readonly OwnRule[] {
  return [
    {
      id: "ServerErrors",
      metric: api.metricServerError({ period: MINUTE, statistic: "Sum" }),
      above: serverErrorsAbove,
      severity: "critical",
      why: `The API ${label} answers 5xx.`,
      runbook: "api-errors",
    },
    {
      id: "Latency",
      metric: api.metricLatency({ period: FIVE_MINUTES, statistic: "p99" }),
      above: latencyAboveMs,
      severity: "warning",
      why: `One of a hundred requests to the API ${label} takes over ${latencyAboveMs} ms.`,
      runbook: "latency",
    },
  ];
}

function outboxRules(outbox: Outbox, label: string, { outboxAgeAbove }: Thresholds): readonly OwnRule[] {
  return [
    {
      id: "RecordAge",
      metric: outbox.function.metric("IteratorAge", { period: MINUTE, statistic: "Maximum" }),
      above: outboxAgeAbove.toMilliseconds(),
      severity: "warning",
      why: `What transactions wrote into the outbox ${label} is sent more than ${outboxAgeAbove.toHumanString()} late.`,
      runbook: "outbox",
    },
  ];
}

function logRules(
  { functions, recoveries }: Observed,
  { unavailableAbove, unbalancedAbove }: Thresholds,
  namespace: string,
): readonly PlacedRule[] {
  const unavailable: PlacedRule = {
    label: "Stores",
    id: "Unavailable",
    metric: logMetric(namespace, "Unavailable", "unavailable"),
    above: unavailableAbove,
    severity: "critical",
    why: "The journal, the claims or another store could not be reached: messages wait, or their reasons are only in the log.",
    runbook: "stores",
  };
  const unbalanced: PlacedRule = {
    label: "Account",
    id: "Unbalanced",
    metric: logMetric(namespace, "Unbalanced", "unbalanced").with({ period: TWO_SWEEPS }),
    above: unbalancedAbove,
    severity: "critical",
    why: "A queue at rest does not balance: a message is missing, or there twice.",
    runbook: "account",
  };
  return [...(functions.length > 0 ? [unavailable] : []), ...(recoveries.length > 0 ? [unbalanced] : [])];
}
