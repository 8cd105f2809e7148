import { Annotations, Duration } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { alarmOnMessages } from "./alarm-on-messages.ts";
import { checkProps, duration, given, type PropCheck, refusedProp, wholeNumber } from "./check-props.ts";
import { checkFifo, deadLetterFifoProps, FIFO_PROPS, type FifoProps, fifoQueueProps, queueName } from "./fifo.ts";
import { grantOnQueue } from "./grant-on-queue.ts";

/** What a ReliableQueue is made of; every limit is SQS's own (its API reference, SetQueueAttributes). */
export interface ReliableQueueProps extends FifoProps {
  /** Ends in `.fifo` where the queue is FIFO. @default a name that CloudFormation makes */
  readonly queueName?: string;
  /** Ends in `.fifo` where the queue is FIFO. @default a name that CloudFormation makes */
  readonly deadLetterQueueName?: string;
  /** After how many receives a message that is still there goes to the dead-letter queue, 1 to 1000. @default 5 */
  readonly maxReceiveCount?: number;
  /** How long a received message is hidden from others, at most 12 hours. A Consumer wants six times its timeout. @default 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** How long the queue keeps a message, 60 seconds to 14 days. @default 4 days */
  readonly retentionPeriod?: Duration;
  /** How long the dead-letter queue keeps one: counted from its first enqueue, so longer than `retentionPeriod`; on FIFO from the move. @default 14 days */
  readonly deadLetterRetentionPeriod?: Duration;
  /** How long a received dead letter is hidden from others, at most 12 hours; what reads dead letters takes no longer. @default 30 seconds */
  readonly deadLetterVisibilityTimeout?: Duration;
  /** How long a receive waits for a message (long polling), at most 20 seconds. @default 20 seconds */
  readonly receiveMessageWaitTime?: Duration;
  /** A key of yours that encrypts both queues. @default keys that SQS manages (SSE-SQS) */
  readonly encryptionKey?: IKey;
}

const LONGEST_RETENTION: Duration = Duration.days(14);

const PROPS: Readonly<Record<Exclude<keyof ReliableQueueProps, "deadLetterQueueName" | "queueName">, PropCheck>> = {
  ...FIFO_PROPS,
  maxReceiveCount: wholeNumber(1, 1000),
  visibilityTimeout: duration(Duration.seconds(0), Duration.hours(12)),
  retentionPeriod: duration(Duration.seconds(60), LONGEST_RETENTION),
  deadLetterRetentionPeriod: duration(Duration.seconds(60), LONGEST_RETENTION),
  deadLetterVisibilityTimeout: duration(Duration.seconds(0), Duration.hours(12)),
  receiveMessageWaitTime: duration(Duration.seconds(0), Duration.seconds(20)),
  encryptionKey: (value) => (value === undefined ? undefined : given("a key of AWS KMS")(value)),
};

/**
 * A queue, standard or FIFO, with its dead-letter queue, encrypted, reached over TLS only, and with an alarm on the first message that dies.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class ReliableQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  /** In alarm while the dead-letter queue holds a message; give it an action to tell somebody. */
  readonly deadLetterAlarm: Alarm;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;

  constructor(scope: Construct, id: string, props: ReliableQueueProps = {}) {
    super(scope, id);
    const name = queueName(props.fifo === true);
    checkProps(this, props, { queueName: name, deadLetterQueueName: name, ...PROPS });
    checkFifo(this, props);
    const retentionPeriod = props.retentionPeriod ?? Duration.days(4);
    const deadLetterRetentionPeriod = props.deadLetterRetentionPeriod ?? LONGEST_RETENTION;
    // On FIFO the dead-letter queue counts from the move.
    if (!props.fifo) checkRetention(this, retentionPeriod, deadLetterRetentionPeriod);
    this.visibilityTimeout = props.visibilityTimeout ?? Duration.seconds(30);
    this.maxReceiveCount = props.maxReceiveCount ?? 5;
    const protection = {
      enforceSSL: true,
      ...(props.encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    };
    this.deadLetterQueue = new Queue(this, "DeadLetters", {
      ...protection,
      ...deadLetterFifoProps(props),
      ...(props.deadLetterVisibilityTimeout && { visibilityTimeout: props.deadLetterVisibilityTimeout }),
      ...(props.deadLetterQueueName !== undefined && { queueName: props.deadLetterQueueName }),
      retentionPeriod: deadLetterRetentionPeriod,
    });
    this.queue = new Queue(this, "Queue", {
      ...protection,
      ...fifoQueueProps(props),
      ...(props.queueName !== undefined && { queueName: props.queueName }),
      retentionPeriod,
      visibilityTimeout: this.visibilityTimeout,
      receiveMessageWaitTime: props.receiveMessageWaitTime ?? Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: this.maxReceiveCount },
    });
    const what = {
      why: "Messages are in the dead-letter queue: they were not processed.",
      runbook: "dead-letter-queue",
    };
    this.deadLetterAlarm = alarmOnMessages(this, "DeadLetterAlarm", this.deadLetterQueue, what);
  }

  /** Lets a function or a role send to the queue, and nothing else. */
  grantSend(grantee: IGrantable): Grant {
    return grantOnQueue(this.queue, grantee, ["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"]);
  }
}

function checkRetention(construct: Construct, queue: Duration, deadLetters: Duration): void {
  if (queue.isUnresolved() || deadLetters.isUnresolved() || deadLetters.toSeconds() > queue.toSeconds()) return;
  const counted = "a standard queue's messages keep the age of their first enqueue in the dead-letter queue";
  if (queue.toSeconds() === LONGEST_RETENTION.toSeconds()) {
    Annotations.of(construct).addWarningV2(
      "@reliq/cdk:dead-letters-without-time",
      `\`retentionPeriod\` is ${queue.toHumanString()}, the most there is, and ${counted}: one that dies late is deleted soon after. Lower it, or empty the dead-letter queue daily.`,
    );
    return;
  }
  throw refusedProp(
    construct,
    "deadLetterRetentionPeriod",
    deadLetters,
    `it must be longer than \`retentionPeriod\` (${queue.toHumanString()}), because ${counted}`,
  );
}
