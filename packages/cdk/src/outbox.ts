import { Duration, Validations } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { Grant } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { EventSourceMapping, type Function as LambdaFunction, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { alarmOnMessages } from "./alarm-on-messages.ts";
import { BUNDLED_FUNCTION_PROPS, BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import {
  checkProps,
  duration,
  given,
  ownEnvironment,
  type PropCheck,
  refusedProp,
  wholeNumber,
} from "./check-props.ts";
import { grantOnQueue } from "./grant-on-queue.ts";

/** A table with a stream: the CDK's, or one that you have already. */
export interface StreamTable {
  /** Without it there is no stream, and the Outbox refuses the table. */
  readonly tableStreamArn?: string | undefined;
  /** @default a key that DynamoDB owns */
  readonly encryptionKey?: IKey | undefined;
}

/** What an Outbox is made of; every limit is Lambda's own (its guide, "Using AWS Lambda with Amazon DynamoDB"). */
export interface OutboxProps extends BundledFunctionProps {
  /** The table whose transactions write the messages; its stream has new images (NEW_IMAGE or NEW_AND_OLD_IMAGES). */
  readonly table: StreamTable;
  /** Where they are sent: a ReliableQueue, or `{ queue }` around one that you have already. */
  readonly queue: { readonly queue: IQueue };
  /** The most records of one invocation, 1 to 10,000. @default 100 */
  readonly batchSize?: number;
  /** How often a record that cannot be sent is tried again, 0 to 10,000; until then it holds up its shard. @default until it expires from the stream, after 24 hours */
  readonly retryAttempts?: number;
  /** Records that are older are given up, 1 minute to 7 days. @default none is, before it expires from the stream */
  readonly maxRecordAge?: Duration;
}

const PROPS: Readonly<Record<keyof OutboxProps, PropCheck>> = {
  ...BUNDLED_FUNCTION_PROPS,
  table: given("a table with a stream"),
  queue: given("a ReliableQueue, or an object with `queue`"),
  batchSize: wholeNumber(1, 10_000),
  retryAttempts: wholeNumber(0, 10_000),
  maxRecordAge: duration(Duration.minutes(1), Duration.days(7)),
  environment: ownEnvironment,
};

/** What Lambda's poller does with the function's role (DynamoDB developer guide, "IAM policy to allow a Lambda function to access stream records"). */
const READING = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"];

/**
 * A function on a table's stream that sends what transactions wrote (`outboxItem`) to a queue: `outboxHandler` with
 * `producerFromEnvironment`. It may read that stream, send to that queue, and log. A record that it gives up is named in a queue
 * of its own, with an alarm.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Outbox extends Construct {
  readonly function: LambdaFunction;
  readonly eventSource: EventSourceMapping;
  /** Names the records that were given up: shard and sequence numbers; their items are in the table. */
  readonly unsentQueue: Queue;
  /** In alarm while there are any; give it an action to tell somebody. */
  readonly unsentAlarm: Alarm;

  constructor(scope: Construct, id: string, props: OutboxProps) {
    super(scope, id);
    checkProps(this, props, PROPS);
    const { table, queue, batchSize = 100, retryAttempts, maxRecordAge, ...functionProps } = props;
    const streamArn = needStream(this, table);
    this.function = new BundledFunction(this, "Handler", {
      ...functionProps,
      timeout: props.timeout ?? Duration.seconds(30),
      environment: { ...props.environment, RELIQ_QUEUE_URL: queue.queue.queueUrl },
    }).function;
    Grant.addToPrincipal({ grantee: this.function, actions: READING, resourceArns: [streamArn] });
    table.encryptionKey?.grant(this.function, "kms:Decrypt");
    grantOnQueue(queue.queue, this.function, ["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"]);
    props.largeBodies?.grantStore(this.function);
    this.unsentQueue = new Queue(this, "Unsent", {
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    const reason = "It names records that were given up, which are in their table; an alarm tells of it.";
    Validations.of(this.unsentQueue).acknowledge({ id: "AwsSolutions-SQS3", reason });
    grantOnQueue(this.unsentQueue, this.function, ["sqs:SendMessage"], []);
    const what = {
      why: "Messages of the outbox were given up: their items are in the table, and were not sent.",
      runbook: "outbox",
    };
    this.unsentAlarm = alarmOnMessages(this, "UnsentAlarm", this.unsentQueue, what);
    this.eventSource = new EventSourceMapping(this, "EventSource", {
      target: this.function,
      eventSourceArn: streamArn,
      // Later than the beginning would miss what is written until the mapping works.
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // The CDK's own destination would be granted more than to send.
      onFailure: { bind: () => ({ destination: this.unsentQueue.queueArn }) },
      ...(retryAttempts !== undefined && { retryAttempts }),
      ...(maxRecordAge && { maxRecordAge }),
    });
  }
}

function needStream(construct: Construct, table: StreamTable): string {
  if (table.tableStreamArn !== undefined) return table.tableStreamArn;
  throw refusedProp(
    construct,
    "table",
    table,
    "it takes a table with a stream: set `stream: StreamViewType.NEW_IMAGE`",
  );
}
