import { DeduplicationScope, FifoThroughputLimit, type QueueProps } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { flag, type PropCheck, refusedProp, text } from "./check-props.ts";

/** What makes a queue FIFO, and how (SQS developer guide, "Amazon SQS FIFO queues"). */
export interface FifoProps {
  /** Whether the queue keeps the order of each message group; its dead-letter queue is FIFO then too. @default false */
  readonly fifo?: boolean;
  /** FIFO: whether SQS makes deduplication ids of the bodies where a producer gives none. @default false */
  readonly contentBasedDeduplication?: boolean;
  /** FIFO: within what a deduplication id is not accepted twice in five minutes. @default DeduplicationScope.QUEUE */
  readonly deduplicationScope?: DeduplicationScope;
  /** FIFO: what has a throughput limit of its own; PER_MESSAGE_GROUP_ID takes DeduplicationScope.MESSAGE_GROUP. @default FifoThroughputLimit.PER_QUEUE */
  readonly fifoThroughputLimit?: FifoThroughputLimit;
}

export const FIFO_PROPS: Readonly<Record<keyof FifoProps, PropCheck>> = {
  fifo: flag,
  contentBasedDeduplication: flag,
  deduplicationScope: text(/^(messageGroup|queue)$/, "DeduplicationScope.QUEUE or DeduplicationScope.MESSAGE_GROUP"),
  fifoThroughputLimit: text(
    /^(perMessageGroupId|perQueue)$/,
    "FifoThroughputLimit.PER_QUEUE or FifoThroughputLimit.PER_MESSAGE_GROUP_ID",
  ),
};

/** Fits the name of a FIFO or of a standard queue, or nothing. */
export function queueName(fifo: boolean): PropCheck {
  return fifo
    ? text(/^[\w-]{1,75}\.fifo$/, "1 to 75 letters, digits, '-' or '_' and then `.fifo`, because this is a FIFO queue")
    : text(
        /^[\w-]{1,80}$/,
        "1 to 80 letters, digits, '-' or '_'; a name that ends in `.fifo` is a FIFO queue's: set `fifo: true` for one",
      );
}

/** Refuses what a standard queue does not have, and limits that exclude each other. */
export function checkFifo(construct: Construct, props: FifoProps): void {
  const { fifo = false, contentBasedDeduplication, deduplicationScope, fifoThroughputLimit } = props;
  const given = Object.entries({ contentBasedDeduplication, deduplicationScope, fifoThroughputLimit });
  const [name, value] = given.find((each) => each[1] !== undefined) ?? [];
  if (!fifo && name !== undefined) {
    throw refusedProp(construct, name, value, "only FIFO queues have that; set `fifo: true` for one");
  }
  const perGroup = fifoThroughputLimit === FifoThroughputLimit.PER_MESSAGE_GROUP_ID;
  if (perGroup && deduplicationScope !== DeduplicationScope.MESSAGE_GROUP) {
    const why = "it takes `deduplicationScope: DeduplicationScope.MESSAGE_GROUP`";
    throw refusedProp(construct, "fifoThroughputLimit", fifoThroughputLimit, why);
  }
}

/** What of these props the queue itself takes. */
export function fifoQueueProps(props: FifoProps): QueueProps {
  const { fifo, contentBasedDeduplication, deduplicationScope, fifoThroughputLimit } = props;
  if (!fifo) return {};
  return {
    fifo,
    ...(contentBasedDeduplication !== undefined && { contentBasedDeduplication }),
    ...(deduplicationScope !== undefined && { deduplicationScope }),
    ...(fifoThroughputLimit !== undefined && { fifoThroughputLimit }),
  };
}

/** What of these props its dead-letter queue takes: as much throughput, since each move is a send; SQS and Reliq always give a deduplication id there. */
export function deadLetterFifoProps(props: FifoProps): QueueProps {
  const { contentBasedDeduplication: _, ...settings } = fifoQueueProps(props);
  return settings;
}
