import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { CompleteRemedy } from "@reliq/core/remediation";
import type { SharedBreakers } from "../downstream/shared-breaker.ts";

/** Where troubles show. */
export interface TroubleSources {
  readonly sqs: SQSClient;
  readonly cloudwatch: CloudWatchClient;
  readonly breakers: SharedBreakers;
}

/** A breaker that was open within this time still counts: it is looked at once a minute. */
const LATELY_MS = 60_000;

const THROTTLES_SECONDS = 300;

/** Whether a remedy's problem is there. */
export async function isTroubled(sources: TroubleSources, remedy: CompleteRemedy, nowMs: number): Promise<boolean> {
  switch (remedy.kind) {
    case "scale-concurrency": {
      const { queueUrl: QueueUrl, backlogAbove } = remedy;
      const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] });
      const { Attributes } = await sources.sqs.send(ask);
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0) > backlogAbove;
    }
    case "pause-intake":
      return (await sources.breakers.openUntilMs(remedy.breaker)) > nowMs - LATELY_MS;
    case "widen-throttle":
      return (await throttles(sources.cloudwatch, remedy.functionName, nowMs)) > remedy.throttlesAbove;
  }
}

async function throttles(cloudwatch: CloudWatchClient, functionName: string, nowMs: number): Promise<number> {
  const Dimensions = [{ Name: "FunctionName", Value: functionName }];
  const Metric = { Namespace: "AWS/Lambda", MetricName: "Throttles", Dimensions };
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - THROTTLES_SECONDS * 1_000),
      EndTime: new Date(nowMs),
      MetricDataQueries: [{ Id: "throttles", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
    }),
  );
  return (MetricDataResults[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
}
