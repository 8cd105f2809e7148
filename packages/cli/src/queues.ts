import type { QueueCounts } from "@reliq/core";
import { callRegion } from "./region-client.ts";

/** A queue of the local region with its counts. */
export interface Queue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly counts: QueueCounts;
  /** Of the oldest message in it; 0 where it is empty. */
  readonly oldestAgeSeconds: number;
  readonly deadLetterTargetArn?: string;
  readonly maxReceiveCount?: number;
}

/** A dead-letter queue with the queues that it serves; queues without one are alone. */
export interface QueueFamily {
  readonly sources: readonly Queue[];
  readonly deadLetterQueue?: Queue;
}

interface DescribedQueue {
  readonly QueueName: string;
  readonly QueueUrl: string;
  readonly QueueArn: string;
  readonly Waiting: number;
  readonly InFlight: number;
  readonly Delayed: number;
  readonly OldestAgeSeconds: number;
  readonly DeadLetterTargetArn?: string;
  readonly MaxReceiveCount?: number;
  readonly History: Readonly<Record<"Accepted" | "Deleted" | "Expired" | "MovedIn" | "MovedOut" | "Purged", number>>;
}

/** Lists the region's queues, by name. */
export async function listQueues(endpoint: string): Promise<readonly Queue[]> {
  const { Queues } = await callRegion<{ Queues: DescribedQueue[] }>(endpoint, "AmazonSQS.ReliqDescribeQueues", {});
  return Queues.map(toQueue).sort((a, b) => a.name.localeCompare(b.name));
}

function toQueue(described: DescribedQueue): Queue {
  const { QueueName, QueueUrl, QueueArn, DeadLetterTargetArn, MaxReceiveCount, History } = described;
  return {
    name: QueueName,
    url: QueueUrl,
    arn: QueueArn,
    counts: {
      accepted: History.Accepted,
      deleted: History.Deleted,
      waiting: described.Waiting,
      inFlight: described.InFlight,
      delayed: described.Delayed,
      purged: History.Purged,
      expired: History.Expired,
      movedIn: History.MovedIn,
      movedOut: History.MovedOut,
    },
    oldestAgeSeconds: described.OldestAgeSeconds,
    ...(DeadLetterTargetArn !== undefined && { deadLetterTargetArn: DeadLetterTargetArn }),
    ...(MaxReceiveCount !== undefined && { maxReceiveCount: MaxReceiveCount }),
  };
}

/** Groups queues with their dead-letter queue. */
export function queueFamilies(queues: readonly Queue[]): readonly QueueFamily[] {
  const deadLetterArns = new Set(queues.flatMap((queue) => queue.deadLetterTargetArn ?? []));
  const served = [...deadLetterArns].flatMap((arn) => {
    const deadLetterQueue = queues.find((queue) => queue.arn === arn);
    const sources = queues.filter((queue) => queue.deadLetterTargetArn === arn);
    return [{ sources, ...(deadLetterQueue && { deadLetterQueue }) }];
  });
  const alone = queues
    .filter((queue) => queue.deadLetterTargetArn === undefined && !deadLetterArns.has(queue.arn))
    .map((queue) => ({ sources: [queue] }));
  return [...served, ...alone];
}
