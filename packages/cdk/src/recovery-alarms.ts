import { Duration } from "aws-cdk-lib";
import { type Alarm, type CfnAlarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";

/** How old a message may get in a dead-letter queue that recovery serves, seconds: it captures in less than one. */
const OLD_SECONDS = 300;

const AGE_METRIC = "ApproximateAgeOfOldestMessage";
const NOT_CAPTURED =
  "Dead letters are older than 5 minutes: recovery does not capture them. Look at its log; they expire with the queue's retention.";

/** An alarm while a dead letter waits in its queue, which recovery empties at once. */
export function alarmOnAge(scope: Construct, id: string, deadLetterQueue: IQueue): Alarm {
  const age = deadLetterQueue.metricApproximateAgeOfOldestMessage({
    period: Duration.minutes(1),
    statistic: "Maximum",
  });
  return age.createAlarm(scope, id, {
    alarmDescription: NOT_CAPTURED,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: OLD_SECONDS,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/** Makes an alarm on a dead-letter queue's depth one on its age: with recovery, a message there is nothing special, and one that stays is. */
export function turnToAge(alarm: Alarm): void {
  const definition = alarm.node.defaultChild as CfnAlarm;
  definition.metricName = AGE_METRIC;
  definition.comparisonOperator = ComparisonOperator.GREATER_THAN_THRESHOLD;
  definition.threshold = OLD_SECONDS;
  definition.alarmDescription = NOT_CAPTURED;
}

/** An alarm while dead letters and held failures of a queue are more than a number: somebody has to look at them. */
export function alarmOnHeld(
  scope: Construct,
  id: string,
  queue: IQueue,
  { namespace, above }: { readonly namespace: string; readonly above: number },
): Alarm {
  const held = new Metric({
    namespace,
    metricName: "DLQ_Messages_Visible",
    dimensionsMap: { Queue: queue.queueName },
    period: Duration.minutes(5),
    statistic: "Maximum",
  });
  return held.createAlarm(scope, id, {
    alarmDescription: `More than ${above} failed messages wait for a person, in the dead-letter queue or held. \`reliq failures\` says why each of them died.`,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: above,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.IGNORE,
  });
}

/** An alarm while a message group of a FIFO queue is held for longer than a time: somebody has to look at its failed message. */
export function alarmOnQuarantine(
  scope: Construct,
  id: string,
  queue: IQueue,
  { namespace, above }: { readonly namespace: string; readonly above: Duration },
): Alarm {
  const oldest = new Metric({
    namespace,
    metricName: "Quarantine_Oldest_Seconds",
    dimensionsMap: { Queue: queue.queueName },
    period: Duration.minutes(5),
    statistic: "Maximum",
  });
  return oldest.createAlarm(scope, id, {
    alarmDescription: `A message group has been held for more than ${above.toHumanString()}. \`reliq quarantine list\` says which, and what it waits for.`,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: above.toSeconds(),
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.IGNORE,
  });
}

/** An alarm where the function of recovery itself fails, or something that it was to do. */
export function alarmsOnErrors(scope: Construct, recovery: LambdaFunction, namespace: string): readonly Alarm[] {
  const errors = {
    HealingErrorsAlarm: new Metric({
      namespace,
      metricName: "Healing_Errors",
      period: Duration.minutes(5),
      statistic: "Sum",
    }),
    FunctionErrorsAlarm: recovery.metricErrors({ period: Duration.minutes(5), statistic: "Sum" }),
  };
  return Object.entries(errors).map(([id, metric]) =>
    metric.createAlarm(scope, id, {
      alarmDescription: "Recovery could not do what it was to do; it tries again. Its log says what.",
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
}
