import {
  type DeployedParts,
  type DeployedQueue,
  deadLetterQueues,
  functionOf,
  isRecovery,
  queueOf,
} from "./deployment.ts";
import type { Finding, Rule } from "./finding.ts";

const SQS_GUIDE = "SQS developer guide, Using dead-letter queues in Amazon SQS";

/** The longest retention period, seconds (14 days; SQS quotas). */
const LONGEST_SECONDS = 1_209_600;

/** The fewest receives that leave some for the handler where throttles burn them (Lambda's guide). */
const LEAST_RECEIVES = 5;

/** A queue whose function fails messages for ever: it has no dead-letter queue. */
export const noDeadLetterQueue: Rule = (parts) => {
  const dead = deadLetterQueues(parts);
  return parts.queues.flatMap((queue): readonly Finding[] => {
    const consumers = parts.mappings.filter(({ queueArn }) => queueArn === queue.arn);
    if (consumers.length === 0 || queue.deadLetterArn !== undefined || dead.includes(queue)) return [];
    // Its reminders may not be given up: each comes again until it is done, and the table has what is due.
    if (consumers.every((mapping) => isReminded(parts, queue, mapping))) return [];
    return [
      {
        severity: "error",
        resource: queue.name,
        what: "It has no dead-letter queue.",
        why: `A message that cannot be processed comes back until its retention is over, and is deleted then without a trace; on a FIFO queue nothing of its group passes it (${SQS_GUIDE}).`,
        fix: "new ReliableQueue(this, …) of @reliq/cdk, or deadLetterQueue: { queue, maxReceiveCount: 5 }",
      },
    ];
  });
};

function isReminded(
  parts: DeployedParts,
  { name }: DeployedQueue,
  mapping: DeployedParts["mappings"][number],
): boolean {
  const consumer = functionOf(parts, mapping);
  return (
    consumer !== undefined &&
    isRecovery(consumer) &&
    Boolean(consumer.variables["RELIQ_WAKE_UPS_URL"]?.endsWith(`/${name}`))
  );
}

/** A dead-letter queue that is not there (any more). */
export const deadLetterQueueMissing: Rule = (parts) =>
  withDeadLetters(parts).flatMap(({ queue, arn, dead }): readonly Finding[] =>
    dead
      ? []
      : [
          {
            severity: "error",
            resource: queue.name,
            what: `Its dead-letter queue ${arn} is not there.`,
            why: `SQS does not move messages to a queue that was deleted: they stay, and are received again and again (${SQS_GUIDE}).`,
            fix: `Create that queue again, or take the redrive policy off: aws sqs set-queue-attributes --queue-url <${queue.name}> --attributes RedrivePolicy=''`,
          },
        ],
  );

/** A FIFO queue with a standard dead-letter queue, or the other way round. */
export const deadLetterTypeMismatch: Rule = (parts) =>
  withDeadLetters(parts).flatMap(({ queue, dead }): readonly Finding[] =>
    !dead || dead.fifo === queue.fifo
      ? []
      : [
          {
            severity: "error",
            resource: queue.name,
            what: `It is a ${kindOf(queue)} queue, and its dead-letter queue ${dead.name} a ${kindOf(dead)} one.`,
            why: `The dead-letter queue of a FIFO queue must be FIFO, that of a standard queue standard (${SQS_GUIDE}): nothing is moved.`,
            fix: `A ${kindOf(queue)} queue as its dead-letter queue.`,
          },
        ],
  );

/** A standard queue's dead letters keep the age of their first enqueue: the dead-letter queue has to keep them longer. */
export const deadLetterRetention: Rule = (parts) =>
  withDeadLetters(parts).flatMap(({ queue, dead }): readonly Finding[] => {
    if (!dead || queue.fifo || dead.retentionSeconds > queue.retentionSeconds) return [];
    const isLongest = queue.retentionSeconds === LONGEST_SECONDS;
    const lower = Math.floor(Math.min(queue.retentionSeconds, LONGEST_SECONDS / 2));
    return [
      {
        severity: isLongest && dead.retentionSeconds === LONGEST_SECONDS ? "warning" : "error",
        resource: dead.name,
        what: `It keeps messages ${dead.retentionSeconds} s, and the queue that they come from, ${queue.name}, ${queue.retentionSeconds} s.`,
        why: `A message in it has the age of its first enqueue: one that dies late is deleted soon after, unseen (${SQS_GUIDE}, Setting message retention).`,
        fix: isLongest
          ? `retentionPeriod: Duration.seconds(${lower}) of ${queue.name}: there is nothing longer than 14 days.`
          : `retentionPeriod: Duration.days(14) of ${dead.name}, or aws sqs set-queue-attributes --queue-url <${dead.name}> --attributes MessageRetentionPeriod=${LONGEST_SECONDS}`,
      },
    ];
  });

/** A message that is deleted by its age before it has had all its receives. */
export const retentionBelowReceives: Rule = ({ queues }) =>
  queues.flatMap((queue): readonly Finding[] => {
    const { maxReceiveCount, visibilitySeconds, retentionSeconds, name } = queue;
    const neededSeconds = (maxReceiveCount ?? 0) * visibilitySeconds;
    if (maxReceiveCount === undefined || neededSeconds < retentionSeconds) return [];
    return [
      {
        severity: "error",
        resource: name,
        what: `It keeps messages ${retentionSeconds} s, and ${maxReceiveCount} receives of ${visibilitySeconds} s take ${neededSeconds} s.`,
        why: `A failing message is deleted by its age before it gets to the dead-letter queue (SQS API reference, SetQueueAttributes, MessageRetentionPeriod).`,
        fix: `retentionPeriod: Duration.days(4), or fewer receives: a backoff up to the visibility timeout's 12 hours has to fit in, too.`,
      },
    ];
  });

/** Few receives, where throttles burn some of them. */
export const receivesUnderThrottling: Rule = (parts) =>
  parts.mappings.flatMap((mapping): readonly Finding[] => {
    const queue = queueOf(parts, mapping.queueArn);
    const consumer = functionOf(parts, mapping);
    const { reservedConcurrency } = consumer ?? {};
    if (queue?.maxReceiveCount === undefined || reservedConcurrency === undefined) return [];
    const isBounded = (mapping.maximumConcurrency ?? Number.POSITIVE_INFINITY) <= reservedConcurrency;
    if (isBounded || queue.maxReceiveCount >= LEAST_RECEIVES) return [];
    return [
      {
        severity: "warning",
        resource: queue.name,
        what: `Its maxReceiveCount is ${queue.maxReceiveCount}, and ${consumer?.name} runs ${reservedConcurrency} at once at most.`,
        why: "A throttled invocation burns a receive: a message can die without its handler ever having run (Lambda's guide asks for at least 5).",
        fix: `maxReceiveCount: ${LEAST_RECEIVES}, or maxConcurrency: ${Math.max(2, reservedConcurrency)} of the event source, which then receives no more than can run.`,
      },
    ];
  });

interface Dying {
  readonly queue: DeployedQueue;
  readonly arn: string;
  readonly dead: DeployedQueue | undefined;
}

function withDeadLetters(parts: DeployedParts): readonly Dying[] {
  return parts.queues.flatMap((queue) => {
    const arn = queue.deadLetterArn;
    return arn === undefined ? [] : [{ queue, arn, dead: queueOf(parts, arn) }];
  });
}

function kindOf({ fifo }: DeployedQueue): string {
  return fifo ? "FIFO" : "standard";
}
