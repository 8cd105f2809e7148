import type { CountedQueues, RecoverPorts } from "@reliq/core/recovery";
import { type EndsOf, regionEnds } from "./region-ends.ts";

type Counts = CountedQueues["deadLetterQueue"];

interface DescribedQueue {
  readonly QueueName: string;
  readonly QueueUrl: string;
  readonly QueueArn: string;
  readonly Waiting: number;
  readonly InFlight: number;
  readonly Delayed: number;
  readonly DeadLetterTargetArn?: string;
  readonly History: Readonly<Record<"Accepted" | "Deleted" | "Expired" | "MovedIn" | "MovedOut" | "Purged", number>>;
}

/** What queues with a dead-letter queue have seen and hold, as the local region tells; SQS itself keeps no such history. */
export function regionCounts(endpoint: string): NonNullable<RecoverPorts["counts"]> {
  return async () => {
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ReliqDescribeQueues" };
    const answer = await fetch(endpoint, { method: "POST", headers, body: "{}" });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const { Queues } = (await answer.json()) as { Queues: readonly DescribedQueue[] };
    return Queues.flatMap((dead) => {
      const served = Queues.filter(({ DeadLetterTargetArn }) => DeadLetterTargetArn === dead.QueueArn);
      const queues = served.map((queue) => ({ name: queue.QueueName, counts: countsOf(queue) }));
      const [first] = served;
      if (!first) return [];
      const from = [...served.map((queue) => endsOf(queue, queue)), endsOf(dead, first)];
      return [{ queues, deadLetterQueue: countsOf(dead), ends: () => regionEnds(endpoint, from) }];
    });
  };
}

function endsOf({ QueueUrl }: DescribedQueue, { QueueName }: DescribedQueue): EndsOf {
  return { url: QueueUrl, source: QueueName };
}

function countsOf({ History, Waiting, InFlight, Delayed }: DescribedQueue): Counts {
  const { Accepted, Deleted, Expired, MovedIn, MovedOut, Purged } = History;
  return {
    accepted: Accepted,
    deleted: Deleted,
    waiting: Waiting,
    inFlight: InFlight,
    delayed: Delayed,
    purged: Purged,
    expired: Expired,
    movedIn: MovedIn,
    movedOut: MovedOut,
  };
}
