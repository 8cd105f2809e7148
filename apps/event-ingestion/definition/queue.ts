import { AlarmTopic, Journal, ReliableQueue } from "@reliq/cdk";
import { CfnOutput, Duration, RemovalPolicy, type Stack } from "aws-cdk-lib";
import { AttributeType, BillingMode, type CfnTable, Table, TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { StringParameter } from "aws-cdk-lib/aws-ssm";
import type { Configuration } from "../configuration.ts";
import { SOURCE } from "../domain/events.ts";
import { FAILURE_MODES } from "../domain/failure-mode.ts";
import type { Names } from "../names.ts";

/** What the queue stack defines. */
export interface QueueParts {
  readonly queue: ReliableQueue;
  readonly journal: Journal;
  /** The first answer of each key. */
  readonly answers: Table;
  /** The effects: one order an event. */
  readonly orders: Table;
  /** Where others are told of events; the topic gets all of it. */
  readonly bus: EventBus;
  readonly notifications: Topic;
  /** Whose value is the failure mode. */
  readonly failureMode: StringParameter;
  /** Where people are told. */
  readonly alarms: Topic;
  /** Where queues and tables have a key of the account's own. */
  readonly key: Key | undefined;
}

/** Defines what is kept: the queue with its dead-letter queue, the tables and the topics. */
export function defineQueue(stack: Stack, configuration: Configuration, names: Names): QueueParts {
  const { useKmsCmk, maxReceiveCount, queueVisibilitySeconds, alarmEmail } = configuration;
  const key = useKmsCmk
    ? new Key(stack, "Key", {
        description: `Encrypts the queues and tables of ${names.stacks}.`,
        enableKeyRotation: true,
        removalPolicy: RemovalPolicy.DESTROY,
      })
    : undefined;
  const queue = new ReliableQueue(stack, "Events", {
    queueName: names.queue,
    deadLetterQueueName: names.deadLetterQueue,
    maxReceiveCount,
    visibilityTimeout: Duration.seconds(queueVisibilitySeconds),
    ...(key && { encryptionKey: key }),
  });
  const journal = new Journal(stack, "Journal", {
    tableName: names.journalTable,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  if (key) {
    const table = journal.table.node.defaultChild as CfnTable;
    table.sseSpecification = { sseEnabled: true, sseType: "KMS", kmsMasterKeyId: key.keyArn };
  }
  const notifications = new Topic(stack, "Notifications", { topicName: names.notificationTopic, enforceSSL: true });
  const bus = new EventBus(stack, "Bus", { eventBusName: names.eventBus });
  new Rule(stack, "ToNotifications", {
    description: "All that is told of events goes to the topic.",
    eventBus: bus,
    eventPattern: { source: [SOURCE] },
    targets: [new SnsTopic(notifications)],
  });
  const failureMode = new StringParameter(stack, "FailureMode", {
    parameterName: configuration.failureModeParameter,
    description: `The fault that is switched on: ${FAILURE_MODES.join(", ")}.`,
    stringValue: "none",
    allowedPattern: `^(${FAILURE_MODES.join("|")})$`,
  });
  const alarms = new AlarmTopic(stack, "Alarms", { topicName: names.alarmTopic, email: alarmEmail });
  output(stack, "QueueUrl", queue.queue.queueUrl, "URL of the queue of events.");
  output(stack, "DeadLetterQueueUrl", queue.deadLetterQueue.queueUrl, "URL of its dead-letter queue.");
  output(
    stack,
    "NotificationTopicArn",
    notifications.topicArn,
    "Subscribe here to hear of processed and failed events.",
  );
  return {
    queue,
    journal,
    key,
    bus,
    notifications,
    failureMode,
    alarms,
    answers: table(stack, "Answers", names.answerTable, "pk", key, "expiresAt"),
    orders: table(stack, "Orders", names.orderTable, "orderId", key),
  };
}

function table(stack: Stack, id: string, name: string, key: string, encryptionKey?: Key, expiry?: string): Table {
  return new Table(stack, id, {
    tableName: name,
    partitionKey: { name: key, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    removalPolicy: RemovalPolicy.DESTROY,
    ...(expiry !== undefined && { timeToLiveAttribute: expiry }),
    ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  });
}

function output(stack: Stack, name: string, value: string, description: string): void {
  new CfnOutput(stack, name, { value, description });
}
