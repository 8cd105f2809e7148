import { type DeployedParts, type DeployedQueue, deadLetterQueues } from "./deployment.ts";
import type { Finding, Rule } from "./finding.ts";

/** What tells that messages are in a dead-letter queue, of CloudWatch's metrics of a queue. */
const TELLING = ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"];

const DEPTH = 'metricApproximateNumberOfMessagesVisible({ statistic: "Maximum" })';

/** An alarm on a metric of a dead-letter queue that does not see what SQS moves there. */
export const alarmOnWrongMetric: Rule = (parts) =>
  deadLetterQueues(parts).flatMap((queue) =>
    alarmsOn(parts, queue).flatMap(({ alarm, metric }): readonly Finding[] =>
      TELLING.includes(metric) || metric === "ApproximateNumberOfMessagesNotVisible"
        ? []
        : [
            {
              severity: "error",
              resource: alarm,
              what: `It looks at ${metric} of the dead-letter queue ${queue.name}.`,
              why: "Messages that SQS moves after their last receive are not counted there: the alarm never fires (SQS developer guide, Available CloudWatch metrics; NumberOfMessagesSent counts only what somebody sent by hand).",
              fix: `${DEPTH} of the dead-letter queue, at least 1.`,
            },
          ],
    ),
  );

/** A dead-letter queue that nobody is told of. */
export const noAlarm: Rule = (parts) =>
  deadLetterQueues(parts).flatMap((queue): readonly Finding[] =>
    alarmsOn(parts, queue).some(({ metric }) => TELLING.includes(metric))
      ? []
      : [
          {
            severity: "warning",
            resource: queue.name,
            what: "No alarm looks at this dead-letter queue.",
            why: "Messages die unnoticed, and are deleted when their retention is over.",
            fix: `A ReliableQueue of @reliq/cdk has one; else an alarm on ${DEPTH}, at least 1.`,
          },
        ],
  );

function alarmsOn(
  { alarms }: DeployedParts,
  { name }: DeployedQueue,
): readonly { readonly alarm: string; readonly metric: string }[] {
  return alarms.flatMap((alarm) =>
    alarm.metrics
      .filter(({ namespace, dimensions }) => namespace === "AWS/SQS" && dimensions["QueueName"] === name)
      .map((metric) => ({ alarm: alarm.name, metric: metric.name })),
  );
}
