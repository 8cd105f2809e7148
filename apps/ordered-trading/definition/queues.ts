import { ReliableQueue, type SourceQueue } from "@reliq/cdk";
import { Annotations, Duration } from "aws-cdk-lib";
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Configuration } from "../configuration.ts";
import type { Names } from "../names.ts";

/** The main queue; with its dead-letter queue where dead-letter queues are enabled. */
export type OrderQueues = ReliableQueue | (SourceQueue & { readonly deadLetterQueue?: never });

/** Defines the queues of orders. Without a dead-letter queue a poison message keeps its group waiting until it expires, which is warned of. */
export function defineQueues(scope: Construct, configuration: Configuration, names: Names): OrderQueues {
  const { maxReceiveCount, visibilityTimeoutSeconds, messageRetentionPeriodDays, ...fifo } =
    configuration.fifoQueueConfiguration;
  const visibilityTimeout = Duration.seconds(visibilityTimeoutSeconds);
  const settings = {
    fifo: true,
    queueName: names.mainQueue,
    contentBasedDeduplication: fifo.contentBasedDeduplication,
    deduplicationScope: SCOPES[fifo.deduplicationScope],
    fifoThroughputLimit: LIMITS[fifo.throughputLimit],
    visibilityTimeout,
    retentionPeriod: Duration.days(messageRetentionPeriodDays),
  };
  if (configuration.enableDeadLetterQueues) {
    return new ReliableQueue(scope, "Orders", {
      ...settings,
      deadLetterQueueName: names.deadLetterQueue,
      deadLetterRetentionPeriod: settings.retentionPeriod,
      deadLetterVisibilityTimeout: visibilityTimeout,
      maxReceiveCount,
    });
  }
  Annotations.of(scope).addWarningV2(
    "ordered-trading:no-dead-letter-queue",
    "`enableDeadLetterQueues` is false: there is nothing that the poison handler could capture and the replay could bring back, so both are left out, and a poison message keeps its group waiting until it expires.",
  );
  const queue = new Queue(scope, "Orders", {
    ...settings,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    receiveMessageWaitTime: Duration.seconds(20),
  });
  return { queue, visibilityTimeout, maxReceiveCount: MOST_RECEIVES };
}

const SCOPES = { messageGroup: DeduplicationScope.MESSAGE_GROUP, queue: DeduplicationScope.QUEUE };
const LIMITS = { perMessageGroupId: FifoThroughputLimit.PER_MESSAGE_GROUP_ID, perQueue: FifoThroughputLimit.PER_QUEUE };

/** No receive is the last where there is no dead-letter queue. */
const MOST_RECEIVES = 1_000;
