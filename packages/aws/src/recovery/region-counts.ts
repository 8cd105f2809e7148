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

/**
 * What queues with a dead-letter queue have seen and hold, as the local region tells; SQS itself keeps no such history.
 * @param otherwise what is asked where the endpoint is no local region: AWS, or what is like it
 */
export function regionCounts(
  endpoint: string,
  otherwise?: NonNullable<RecoverPorts["counts"]>,
): NonNullable<RecoverPorts["counts"]> {
  return async () => {
    const described = await describeQueues(endpoint);
    if (described) return countFamilies(endpoint, described);
    if (otherwise) return otherwise();
    throw new Error(`${endpoint} is no local region: it has no action ReliqDescribeQueues.`);
  };
}

/** Undefined where the endpoint does not know the action. @throws where it cannot answer */
async function describeQueues(endpoint: string): Promise<readonly DescribedQueue[] | undefined> {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ReliqDescribeQueues" };
  const answer = await fetch(endpoint, { method: "POST", headers, body: "{}" });
  const text = await answer.text();
  if (answer.status >= 500 && answer.status !== 501) throw new Error(`${answer.status} ${text}`);
  if (!answer.ok || answer.headers.get("content-type")?.includes("json") !== true) return undefined;
  return (JSON.parse(text) as { readonly Queues?: readonly DescribedQueue[] }).Queues;
}

function countFamilies(endpoint: string, queues: readonly DescribedQueue[]): readonly CountedQueues[] {
  return queues.flatMap((dead) => {
    const served = queues.filter(({ DeadLetterTargetArn }) => DeadLetterTargetArn === dead.QueueArn);
    const [first] = served;
    if (!first) return [];
    const from = [...served.map((queue) => endsOf(queue, queue)), endsOf(dead, first)];
    return [
      {
        queues: served.map((queue) => ({ name: queue.QueueName, counts: countsOf(queue) })),
        deadLetterQueue: countsOf(dead),
        ends: () => regionEnds(endpoint, from),
      },
    ];
  });
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
