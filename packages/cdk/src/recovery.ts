import { Duration, Lazy, Stack } from "aws-cdk-lib";
import type { Alarm } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { Grant, type IGrantable, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type CfnFunction, EventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { archiveBucket, grantArchive } from "./archive-bucket.ts";
import { BundledFunction } from "./bundled-function.ts";
import { refusedProp } from "./check-props.ts";
import type { SourceQueue } from "./consumer.ts";
import { failureTable, grantFailures, grantQuarantine } from "./failure-table.ts";
import { grantOnQueue } from "./grant-on-queue.ts";
import { alarmOnAge, alarmOnHeld, alarmsOnErrors, turnToAge } from "./recovery-alarms.ts";
import { type CompleteRecoveryProps, completeRecoveryProps, type RecoveryProps } from "./recovery-props.ts";

/** What Lambda's poller does with the function's role (Lambda's guide); the attributes also say how deep a queue is. */
const RECEIVING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/**
 * Captures dead letters of the queues that are attached to it, and carries out what a policy says of each: one function with
 * the failure store, the archive, the reminders, the schedule, the topic of alerts, and alarms on what is held, on dead letters
 * that stay, and on its own errors.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Recovery extends Construct {
  readonly function: LambdaFunction;
  /** The failure store. */
  readonly table: Table;
  readonly archive: Bucket;
  readonly alertTopic: Topic;
  /** Reminders of what is due later. */
  readonly wakeUpQueue: Queue;
  /** What a function needs in its environment to work on the failure store: the function of recovery has it, one of yours takes it with `grantOperate`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #props: CompleteRecoveryProps;
  readonly #attached: SourceQueue[] = [];
  readonly #operators: IGrantable[] = [];

  constructor(scope: Construct, id: string, props: RecoveryProps) {
    super(scope, id);
    this.#props = completeRecoveryProps(this, props);
    const { removalPolicy, timeout } = this.#props;
    this.table = failureTable(this, "Failures", this.#props);
    this.archive = archiveBucket(this, "Archive", this.#props, removalPolicy);
    this.wakeUpQueue = wakeUpQueue(this, timeout);
    this.alertTopic = alertTopic(this, this.#props);
    this.environment = {
      FAILED_TABLE: this.table.tableName,
      ARCHIVE_BUCKET: this.archive.bucketName,
      ALERT_TOPIC_ARN: this.alertTopic.topicArn,
      RELIQ_JOURNAL_TABLE: props.journal.table.tableName,
      RELIQ_WAKE_UPS_URL: this.wakeUpQueue.queueUrl,
      RELIQ_RECOVERED_QUEUES: Lazy.string({ produce: () => this.#recoveredQueues() }),
      RELIQ_METRICS_NAMESPACE: this.#props.metricNamespace,
    };
    this.function = this.#recoveryFunction();
    this.#ring(...alarmsOnErrors(this, this.function, this.#props.metricNamespace));
  }

  /**
   * Serves a queue: its dead letters are captured from now on. The alarm of a ReliableQueue on its dead-letter queue's depth becomes
   * one on the age in it, and tells the topic of alerts.
   * @throws ReliqError `construct-prop` for a queue that has no dead-letter queue, or is attached already.
   */
  attach(queue: SourceQueue): void {
    const { deadLetterQueue } = queue;
    if (!deadLetterQueue) {
      throw refusedProp(this, "queue", queue, "it takes a ReliableQueue, or an object with `deadLetterQueue` too");
    }
    const place = `Queue${this.#attached.length + 1}`;
    if (this.#attached.some((each) => each.queue.queueArn === queue.queue.queueArn)) {
      throw refusedProp(this, "queue", queue, "it is attached already");
    }
    const isServed = this.#attached.some((each) => each.deadLetterQueue?.queueArn === deadLetterQueue.queueArn);
    this.#attached.push(queue);
    for (const operator of this.#operators) grantSend(queue.queue, operator);
    const scope = new Construct(this, place);
    if (!isServed) {
      grantOnQueue(deadLetterQueue, this.function, RECEIVING, ["kms:Decrypt"]);
      this.#feed(this.function, scope, "DeadLetters", deadLetterQueue);
      this.#ring(ageAlarm(scope, queue, deadLetterQueue));
    }
    const { metricNamespace: namespace, heldAlarmAbove: above } = this.#props;
    this.#ring(alarmOnHeld(scope, "HeldAlarm", queue.queue, { namespace, above }));
  }

  /** Lets a consumer hold groups: read and write what is kept of held groups in the failure store, and nothing else there. */
  grantQuarantine(grantee: IGrantable): Grant {
    return grantQuarantine(this.table, grantee);
  }

  /** Lets a function or a role do by hand what recovery does: read and change failures, the archive and the journal's reasons, and send to the queues. */
  grantOperate(grantee: IGrantable): Grant {
    this.#operators.push(grantee);
    for (const { queue } of this.#attached) grantSend(queue, grantee);
    const { table } = this.#props.journal;
    const reading = Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:BatchGetItem", "dynamodb:Query"],
      resourceArns: [table.tableArn],
    });
    const byQueue = Grant.addToPrincipal({
      grantee,
      actions: ["dynamodb:Query"],
      resourceArns: [`${table.tableArn}/index/by-queue`],
    });
    return reading
      .combine(byQueue)
      .combine(grantFailures(this.table, grantee))
      .combine(grantArchive(this.archive, grantee))
      .combine(grantSend(this.wakeUpQueue, grantee));
  }

  #recoveryFunction(): LambdaFunction {
    const { entry, functionName, timeout, memorySizeMb, logRetention, environment } = this.#props;
    const { function: recovery } = new BundledFunction(this, "Handler", {
      entry,
      timeout,
      environment: { ...environment, ...this.environment },
      ...(functionName !== undefined && { functionName }),
      ...(memorySizeMb !== undefined && { memorySizeMb }),
      ...(logRetention !== undefined && { logRetention }),
    });
    // It reminds itself, which Lambda takes for a loop, and ends after 16 rounds (Lambda's guide, "Recursive loop detection").
    (recovery.node.defaultChild as CfnFunction).recursiveLoop = "Allow";
    this.grantOperate(recovery);
    Grant.addToPrincipal({
      grantee: recovery,
      actions: ["sns:Publish"],
      resourceArns: [this.alertTopic.topicArn],
    });
    // How old its queues are, and what their consumers process: CloudWatch's metrics have no ARNs (service authorization reference).
    Grant.addToPrincipal({ grantee: recovery, actions: ["cloudwatch:GetMetricData"], resourceArns: ["*"] });
    grantOnQueue(this.wakeUpQueue, recovery, RECEIVING, []);
    this.#feed(recovery, this, "WakeUps", this.wakeUpQueue);
    new Rule(this, "Sweep", {
      description: "Recovery looks for what was forgotten, and counts what is held.",
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new FunctionTarget(recovery, { event: RuleTargetInput.fromObject({ reliq: "sweep" }) })],
    });
    return recovery;
  }

  #feed(target: LambdaFunction, scope: Construct, id: string, queue: IQueue): void {
    new EventSourceMapping(scope, id, {
      target,
      eventSourceArn: queue.queueArn,
      ...batchOf(queue),
      reportBatchItemFailures: true,
      maxConcurrency: this.#props.maximumConcurrency,
    });
  }

  #ring(...alarms: readonly Alarm[]): void {
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(this.alertTopic));
  }

  #recoveredQueues(): string {
    const queues = this.#attached.map(({ queue, deadLetterQueue, maxReceiveCount, visibilityTimeout }) => ({
      name: queue.queueName,
      url: queue.queueUrl,
      deadLetterQueue: deadLetterQueue?.queueName,
      maxReceiveCount,
      visibilitySeconds: visibilityTimeout.toSeconds(),
    }));
    return Stack.of(this).toJsonString(queues);
  }
}

/** What is captured together shares its commits: a flood comes in batches that are as large as one transaction takes. FIFO queues give ten (Lambda's guide, "Using Lambda with Amazon SQS"). */
function batchOf({ fifo }: IQueue): { readonly batchSize: number; readonly maxBatchingWindow?: Duration } {
  return fifo ? { batchSize: 10 } : { batchSize: 50, maxBatchingWindow: Duration.seconds(1) };
}

/** Reminders: none is given up, since a heal may hang on it, so there is no dead-letter queue; one that fails raises the alarm on errors. */
function wakeUpQueue(scope: Construct, timeout: Duration): Queue {
  return new Queue(scope, "WakeUpQueue", {
    enforceSSL: true,
    encryption: QueueEncryption.SQS_MANAGED,
    retentionPeriod: Duration.days(14),
    visibilityTimeout: Duration.seconds(timeout.toSeconds() * 2),
    receiveMessageWaitTime: Duration.seconds(20),
  });
}

function alertTopic(scope: Construct, { alertEmail }: CompleteRecoveryProps): Topic {
  const topic = new Topic(scope, "Alerts", { displayName: "Reliq alerts", enforceSSL: true });
  topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com"));
  if (alertEmail !== undefined) topic.addSubscription(new EmailSubscription(alertEmail));
  return topic;
}

function ageAlarm(scope: Construct, queue: SourceQueue, deadLetterQueue: IQueue): Alarm {
  const { deadLetterAlarm } = queue as SourceQueue & { readonly deadLetterAlarm?: Alarm };
  if (!deadLetterAlarm) return alarmOnAge(scope, "DeadLetterAlarm", deadLetterQueue);
  turnToAge(deadLetterAlarm);
  return deadLetterAlarm;
}

function grantSend(queue: IQueue, grantee: IGrantable): Grant {
  return grantOnQueue(queue, grantee, ["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"]);
}
