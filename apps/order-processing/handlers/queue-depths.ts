import { type CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { Sample } from "../domain/forecast.ts";
import { QUEUE_KEYS, queueNames } from "../domain/queues.ts";

const MINUTE_MS = 60_000;
const LOOK_BACK_MINUTES = 30;

/** How many messages waited in each queue, minute by minute of the last half hour, oldest first. */
export async function readDepths(client: CloudWatchClient, nowMs: number): Promise<readonly (readonly Sample[])[]> {
  const end = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(end - LOOK_BACK_MINUTES * MINUTE_MS),
      EndTime: new Date(end),
      ScanBy: "TimestampAscending",
      MetricDataQueries: QUEUE_KEYS.map((key, index) => ({
        Id: `depth${index}`,
        MetricStat: {
          Period: 60,
          Stat: "Maximum",
          Metric: {
            Namespace: "AWS/SQS",
            MetricName: "ApproximateNumberOfMessagesVisible",
            Dimensions: [{ Name: "QueueName", Value: queueNames(key).queue }],
          },
        },
      })),
    }),
  );
  return QUEUE_KEYS.map((_, index) => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === `depth${index}`) ?? {};
    return Timestamps.map((at, place) => ({ atMs: at.getTime(), value: Values[place] ?? 0 }));
  });
}
