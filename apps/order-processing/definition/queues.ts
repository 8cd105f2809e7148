import { ReliableQueue } from "@reliq/cdk";
import { Duration, type Stack } from "aws-cdk-lib";
import { DeduplicationScope, FifoThroughputLimit } from "aws-cdk-lib/aws-sqs";
import { QUEUE_KEYS, QUEUES, type QueueDescription, type QueueKey, queueNames } from "../domain/queues.ts";

/** All queues of the system. */
export type Queues = Readonly<Record<QueueKey, ReliableQueue>>;

/** Defines the queues as `QUEUES` describes them, each with its dead-letter queue. */
export function defineQueues(stack: Stack): Queues {
  return Object.fromEntries(QUEUE_KEYS.map((key) => [key, defineQueue(stack, key, QUEUES[key])])) as Queues;
}

function defineQueue(stack: Stack, key: QueueKey, description: QueueDescription): ReliableQueue {
  const { fifo, visibilitySeconds, maxReceiveCount, retentionDays } = description;
  const { queue: queueName, deadLetterQueue: deadLetterQueueName } = queueNames(key);
  return new ReliableQueue(stack, key, {
    queueName,
    deadLetterQueueName,
    maxReceiveCount,
    visibilityTimeout: Duration.seconds(visibilitySeconds),
    retentionPeriod: Duration.days(retentionDays),
    deadLetterRetentionPeriod: Duration.days(14),
    receiveMessageWaitTime: Duration.seconds(20),
    ...(fifo && { fifo }),
    ...(description.contentBasedDeduplication && { contentBasedDeduplication: true }),
    ...(description.throughputPerGroup && {
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
    }),
  });
}
