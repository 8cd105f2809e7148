import { Duration } from "aws-cdk-lib";
import { type Alarm, type CfnAlarm, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { defineAlarm, describeRule } from "./alarm.ts";

/** How old a message may get in a dead-letter queue that recovery serves, seconds: it captures in less than one. */
const OLD_SECONDS = 300;

const AGE_METRIC = "ApproximateAgeOfOldestMessage";

const NOT_CAPTURED = {
  severity: "critical",
  why: "Dead letters are older than 5 minutes: recovery does not capture them, and they expire with their queue's retention.",
  runbook: "recovery",
} as const;

/** An alarm while a dead letter waits in its queue, which recovery empties at once. */
export function alarmOnAge(scope: Construct, id: string, deadLetterQueue: IQueue): Alarm {
  const period = Duration.minutes(1);
  const metric = deadLetterQueue.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" });
  return defineAlarm(scope, id, { ...NOT_CAPTURED, metric, above: OLD_SECONDS });
}

/** Makes an alarm on a dead-letter queue's depth one on its age: with recovery, a message there is nothing special, and one that stays is. */
export function turnToAge(alarm: Alarm): void {
  const definition = alarm.node.defaultChild as CfnAlarm;
  definition.metricName = AGE_METRIC;
  definition.threshold = OLD_SECONDS;
  definition.alarmDescription = describeRule(NOT_CAPTURED);
}

/** What recovery's metrics of a queue are watched for. */
interface Limit {
  readonly namespace: string;
  readonly above: number;
}

/** An alarm while dead letters and held failures of a queue are more than a number: somebody has to look at them. */
export function alarmOnHeld(scope: Construct, id: string, queue: IQueue, { namespace, above }: Limit): Alarm {
  return defineAlarm(scope, id, {
    metric: ofQueue(queue, namespace, "DLQ_Messages_Visible"),
    above,
    severity: "critical",
    why: `More than ${above} failed messages wait for a person, in the dead-letter queue or held.`,
    runbook: "dead-letter-queue",
    treatMissingData: TreatMissingData.IGNORE,
  });
}

/** An alarm while a message group of a FIFO queue is held for longer than a number of seconds: somebody has to look at its failed message. */
export function alarmOnQuarantine(scope: Construct, id: string, queue: IQueue, { namespace, above }: Limit): Alarm {
  return defineAlarm(scope, id, {
    metric: ofQueue(queue, namespace, "Quarantine_Oldest_Seconds"),
    above,
    severity: "critical",
    why: `A message group has been held for more than ${Duration.seconds(above).toHumanString()}.`,
    runbook: "quarantine",
    treatMissingData: TreatMissingData.IGNORE,
  });
}

/** What recovery counts of a queue, each time that it looks. */
function ofQueue({ queueName }: IQueue, namespace: string, metricName: string): Metric {
  const dimensionsMap = { Queue: queueName };
  return new Metric({ namespace, metricName, dimensionsMap, period: Duration.minutes(5), statistic: "Maximum" });
}

/** An alarm where the function of recovery itself fails, or something that it was to do. */
export function alarmsOnErrors(scope: Construct, recovery: LambdaFunction, namespace: string): readonly Alarm[] {
  const sum = { period: Duration.minutes(5), statistic: "Sum" };
  const errors = {
    HealingErrorsAlarm: new Metric({ namespace, metricName: "Healing_Errors", ...sum }),
    FunctionErrorsAlarm: recovery.metricErrors(sum),
  };
  const rule = {
    above: 0,
    severity: "critical",
    why: "Recovery could not do what it was to do; it tries again.",
    runbook: "recovery",
  } as const;
  return Object.entries(errors).map(([id, metric]) => defineAlarm(scope, id, { ...rule, metric }));
}
