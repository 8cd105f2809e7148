import { ReliqError } from "@reliq/core";

/** A queue whose dead letters recovery captures. */
export interface RecoveredQueue {
  readonly name: string;
  readonly url: string;
  /** The name of its dead-letter queue; several queues can share one. */
  readonly deadLetterQueue: string;
  readonly maxReceiveCount: number;
  readonly visibilitySeconds: number;
}

/**
 * The queue that a dead letter died on: the one that the service or the envelope names, or else the first that has its dead-letter queue.
 * @throws ReliqError `queue-not-served` where recovery serves none with that dead-letter queue
 */
export function sourceOf(
  queues: readonly RecoveredQueue[],
  deadLetterQueue: string,
  named: string | undefined,
): RecoveredQueue {
  const candidates = queues.filter((queue) => queue.deadLetterQueue === deadLetterQueue);
  const found = candidates.find(({ name }) => name === named) ?? candidates[0];
  if (found) return found;
  throw new ReliqError(
    "queue-not-served",
    `Recovery serves no queue whose dead-letter queue is ${deadLetterQueue}: add it to \`queues\`.`,
  );
}
