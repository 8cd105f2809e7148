import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { RecoverPorts } from "@reliq/core/recovery";

const MINUTE_SECONDS = 60;

/** How far back is looked, ms: a queue's metrics come each minute, and a minute or two late (SQS developer guide, "Available CloudWatch metrics"). */
const WINDOW_MS = 5 * 60_000;

/** How queues are doing, as CloudWatch knows: the age of the oldest message, and what is deleted in a minute, of the newest minute that it has. */
export function sqsLoad(
  client: CloudWatchClient,
  now: () => number = Date.now,
): NonNullable<RecoverPorts["queueLoad"]> {
  return async (queue) => {
    const nowMs = now();
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - WINDOW_MS),
        EndTime: new Date(nowMs),
        ScanBy: "TimestampDescending",
        MetricDataQueries: [
          metric("age", queue, "ApproximateAgeOfOldestMessage", "Maximum"),
          metric("deleted", queue, "NumberOfMessagesDeleted", "Sum"),
        ],
      }),
    );
    const newest = (id: string): number | undefined => MetricDataResults.find(({ Id }) => Id === id)?.Values?.[0];
    const [age, deleted] = [newest("age"), newest("deleted")];
    return {
      ...(age !== undefined && { oldestAgeSeconds: age }),
      ...(deleted !== undefined && { processed: deleted }),
    };
  };
}

function metric(Id: string, queue: string, MetricName: string, Stat: "Maximum" | "Sum"): MetricDataQuery {
  const Metric = { Namespace: "AWS/SQS", MetricName, Dimensions: [{ Name: "QueueName", Value: queue }] };
  return { Id, MetricStat: { Metric, Period: MINUTE_SECONDS, Stat } };
}
