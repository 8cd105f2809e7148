import { Duration } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { defineAlarm } from "./alarm.ts";

/** An alarm while a queue that should be empty holds a message; `why` says what that means. */
export function alarmOnMessages(
  scope: Construct,
  id: string,
  queue: Queue,
  { why, runbook }: { readonly why: string; readonly runbook: string },
): Alarm {
  // NumberOfMessagesSent misses the messages that SQS moves here itself.
  const metric = queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: "Maximum" });
  return defineAlarm(scope, id, { metric, above: 0, severity: "critical", why, runbook });
}
