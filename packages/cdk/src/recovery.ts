import { createRequire } from "node:module";
import type { Policy } from "@reliq/core/recovery";
import { Duration, Lazy, Stack, Token, Validations } from "aws-cdk-lib";
import { type Alarm, Dashboard, type IWidget } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import { type CfnFunction, EventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { type CfnQueue, type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { AlarmTopic, PUBLISHING_TO_ENCRYPTED } from "./alarm-topic.ts";
import { archiveBucket, grantArchive } from "./archive-bucket.ts";
import { BundledFunction } from "./bundled-function.ts";
import { refusedProp } from "./check-props.ts";
import type { SourceQueue } from "./consumer.ts";
import { type AnyTable, failureTable, grantFailures, grantQuarantine } from "./failure-table.ts";
import { grantOnQueue } from "./grant-on-queue.ts";
import { alarmOnAge, alarmOnHeld, alarmOnQuarantine, alarmsOnErrors, turnToAge } from "./recovery-alarms.ts";
import { type CompleteRecoveryProps, completeRecoveryProps, type RecoveryProps } from "./recovery-props.ts";
import { type RecoveryWidgets, recoveryWidgets } from "./recovery-widgets.ts";

/** What Lambda's poller does with the function's role (Lambda's guide); the attributes also say how deep a queue is. */
const RECEIVING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** What the account takes of a queue: how much it holds. */
const ASKING = ["sqs:GetQueueAttributes"];

/** How much of its function's environment the names of queues may take, bytes. */
const MOST_NAME_BYTES = 3_072;

/**
 * Captures dead letters of the queues that are attached to it, and carries out what a policy says of each: one function with
 * the failure store, the archive, the reminders, the schedule, the topic of alerts, a dashboard, and alarms on what is held, on dead
 * letters that stay, and on its own errors. Some 16 queues fit whose names CloudFormation makes, some 50 with names of 25 characters.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Recovery extends Construct {
  readonly function: LambdaFunction;
  /** The failure store. */
  readonly table: AnyTable;
  readonly archive: Bucket;
  readonly alertTopic: Topic;
  /** Undefined where `dashboard` is false. */
  readonly dashboard: Dashboard | undefined;
  /** What is done with failed messages, unless the code of `entry` says otherwise. */
  readonly policy: Policy;
  /** The namespace of its metrics. */
  readonly metricNamespace: string;
  /** Reminders of what is due later. */
  readonly wakeUpQueue: Queue;
  /** What a function needs in its environment to work on the failure store: the function of recovery has it, one of yours takes it with `grantOperate`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #props: CompleteRecoveryProps;
  readonly #attached: SourceQueue[] = [];
  readonly #alarms: Alarm[] = [];
  readonly #operators: IGrantable[] = [];
  readonly #widgets: RecoveryWidgets;

  constructor(scope: Construct, id: string, props: RecoveryProps) {
    super(scope, id);
    this.#props = completeRecoveryProps(this, props);
    const { metricNamespace, policy } = this.#props;
    this.policy = policy;
    this.metricNamespace = metricNamespace;
    this.table = failureTable(this, "Failures", this.#props);
    this.archive = archiveBucket(this, "Archive", this.#props, this.#props);
    this.wakeUpQueue = wakeUpQueue(this, this.#props);
    const { alertEmail: email, encryptionKey, personalFields = [] } = this.#props;
    this.alertTopic = new AlarmTopic(this, "Alerts", {
      ...(email !== undefined && { email }),
      ...(encryptionKey && { encryptionKey }),
    });
    this.environment = {
      FAILED_TABLE: this.table.tableName,
      ARCHIVE_BUCKET: this.archive.bucketName,
      ALERT_TOPIC_ARN: this.alertTopic.topicArn,
      RELIQ_JOURNAL_TABLE: props.journal.table.tableName,
      RELIQ_WAKE_UPS_URL: this.wakeUpQueue.queueUrl,
      RELIQ_RECOVERED_QUEUES: Lazy.string({ produce: () => this.#recoveredQueues() }),
      RELIQ_METRICS_NAMESPACE: metricNamespace,
      ...(personalFields.length > 0 && { RELIQ_PERSONAL_FIELDS: personalFields.join(",") }),
    };
    this.function = this.#recoveryFunction();
    this.#widgets = recoveryWidgets(this.function, metricNamespace);
    this.dashboard = this.#props.dashboard ? new Dashboard(this, "Dashboard") : undefined;
    this.dashboard?.addWidgets(...this.#widgets.rows);
    this.#ring(...alarmsOnErrors(this, this.function, metricNamespace));
    this.node.addValidation({ validate: () => tooManyQueues(this.#attached) });
  }

  /**
   * Serves a queue: its dead letters are captured from now on. The alarm of a ReliableQueue on its dead-letter queue's depth becomes
   * one on the age in it, and tells the topic of alerts; that of another stack tells whom you say, or a Monitoring.
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
    grantOnQueue(queue.queue, this.function, ASKING, []);
    const scope = new Construct(this, place);
    if (!isServed) {
      grantOnQueue(deadLetterQueue, this.function, RECEIVING, ["kms:Decrypt"]);
      this.#feed(this.function, scope, "DeadLetters", deadLetterQueue);
      this.#watchAge(scope, queue, deadLetterQueue);
    }
    const { metricNamespace: namespace, heldAlarmAbove: above } = this.#props;
    this.#ring(alarmOnHeld(scope, "HeldAlarm", queue.queue, { namespace, above }));
    this.#widgets.add(queue.queue, deadLetterQueue);
    if (queue.queue.fifo) {
      const limit = { namespace, above: this.#props.quarantineAlarmAfter.toSeconds() };
      this.#ring(alarmOnQuarantine(scope, "QuarantineAlarm", queue.queue, limit));
    }
  }

  /** The queues that it serves. */
  get queues(): readonly SourceQueue[] {
    return this.#attached;
  }

  /** The alarms that tell its topic. */
  get alarms(): readonly Alarm[] {
    return this.#alarms;
  }

  /** What its dashboard shows, row by row: also for a dashboard of yours. */
  get widgets(): readonly IWidget[] {
    return this.#widgets.rows;
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
    const { functionName, timeout, memorySizeMb, logRetention, environment, policy, tracing } = this.#props;
    const { entry = functionEntry("recovery") } = this.#props;
    const { function: recovery } = new BundledFunction(this, "Handler", {
      entry,
      policy,
      timeout,
      environment: { ...environment, ...this.environment },
      ...(functionName !== undefined && { functionName }),
      ...(memorySizeMb !== undefined && { memorySizeMb }),
      ...(logRetention !== undefined && { logRetention }),
      ...(tracing !== undefined && { tracing }),
    });
    // It reminds itself, which Lambda takes for a loop, and ends after 16 rounds (Lambda's guide, "Recursive loop detection").
    (recovery.node.defaultChild as CfnFunction).recursiveLoop = "Allow";
    this.grantOperate(recovery);
    Grant.addToPrincipal({
      grantee: recovery,
      actions: ["sns:Publish"],
      resourceArns: [this.alertTopic.topicArn],
    });
    // How old its queues are, what their consumers process, and what the account counts: CloudWatch's metrics have no ARNs (service authorization reference).
    Grant.addToPrincipal({ grantee: recovery, actions: ["cloudwatch:GetMetricData"], resourceArns: ["*"] });
    if (recovery.role) {
      const reason = "Only cloudwatch:GetMetricData, and metrics have no ARNs.";
      Validations.of(recovery.role).acknowledge({ id: "AwsSolutions-IAM5[Resource::*]", reason });
    }
    this.#props.encryptionKey?.grant(recovery, ...PUBLISHING_TO_ENCRYPTED);
    grantOnQueue(this.wakeUpQueue, recovery, RECEIVING, ["kms:Decrypt"]);
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
    this.#alarms.push(...alarms);
    for (const alarm of alarms) alarm.addAlarmAction(new SnsAction(this.alertTopic));
  }

  #watchAge(scope: Construct, queue: SourceQueue, deadLetterQueue: IQueue): void {
    const { deadLetterAlarm } = queue as SourceQueue & { readonly deadLetterAlarm?: Alarm };
    if (deadLetterAlarm) turnToAge(deadLetterAlarm);
    const alarm = deadLetterAlarm ?? alarmOnAge(scope, "DeadLetterAlarm", deadLetterQueue);
    // A queue's stack is deployed before this one, and cannot know a topic of it.
    if (Stack.of(alarm) === Stack.of(this)) this.#ring(alarm);
  }

  #recoveredQueues(): string {
    const stack = Stack.of(this);
    const queues = this.#attached.map(({ queue, deadLetterQueue, maxReceiveCount, visibilityTimeout }) => {
      const said = [queue.queueName, deadLetterQueue?.queueName, maxReceiveCount, visibilityTimeout.toSeconds()];
      const { account, region } = queue.env;
      return account === stack.account && region === stack.region ? said : [...said, queue.queueUrl];
    });
    return stack.toJsonString(queues);
  }
}

/** What is captured together shares its commits: a flood comes in batches that are as large as one transaction takes. FIFO queues give ten (Lambda's guide, "Using Lambda with Amazon SQS"). */
function batchOf({ fifo }: IQueue): { readonly batchSize: number; readonly maxBatchingWindow?: Duration } {
  return fifo ? { batchSize: 10 } : { batchSize: 50, maxBatchingWindow: Duration.seconds(1) };
}

/**
 * What is wrong with the names of queues, if anything: all of them are in the function's environment, which has 4 KB (Lambda quotas); the
 * other variables take up to 1 KB. A name that CloudFormation makes counts as the 80 characters that SQS allows.
 */
function tooManyQueues(attached: readonly SourceQueue[]): string[] {
  const length = (name = ""): number => (Token.isUnresolved(name) ? 80 : name.length);
  const bytes = attached.reduce((sum, { queue, deadLetterQueue }) => {
    return sum + length(nameOf(queue)) + length(deadLetterQueue && nameOf(deadLetterQueue)) + 16;
  }, 0);
  if (bytes <= MOST_NAME_BYTES) return [];
  const fix = "give queues shorter names with `queueName`, or serve some of them by a second Recovery";
  return [
    `it serves ${attached.length} queues, whose names take up to ${bytes} bytes of its function's environment; there is room for ${MOST_NAME_BYTES}: ${fix}.`,
  ];
}

/** As it is said in the definition, where it is. */
function nameOf(queue: IQueue): string {
  const { queueName } = (queue.node.defaultChild ?? {}) as Partial<CfnQueue>;
  return queueName ?? queue.queueName;
}

/** The function that comes with `@reliq/aws`, as source or as built. */
export function functionEntry(name: "recovery" | "recovery-api" | "region-api" | "remediation"): string {
  return createRequire(import.meta.url).resolve(`@reliq/aws/functions/${name}`);
}

/**
 * Reminders. There is no dead-letter queue: a heal or an alert may hang on each, so none may be given up, and there would be nobody to
 * bring one back but recovery itself. One that fails comes again for 14 days, each time raises the alarm on errors, and what is left of it then
 * the schedule finds in the table, where each reminder is only a copy of what is due.
 */
function wakeUpQueue(scope: Construct, { timeout, encryptionKey }: CompleteRecoveryProps): Queue {
  const queue = new Queue(scope, "WakeUpQueue", {
    enforceSSL: true,
    ...(encryptionKey
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey }
      : { encryption: QueueEncryption.SQS_MANAGED }),
    retentionPeriod: Duration.days(14),
    visibilityTimeout: Duration.seconds(timeout.toSeconds() * 2),
    receiveMessageWaitTime: Duration.seconds(20),
  });
  const reason =
    "A reminder is only a copy of what is due in the table: it is tried for 14 days, and the schedule finds the rest.";
  Validations.of(queue).acknowledge({ id: "AwsSolutions-SQS3", reason });
  return queue;
}

function grantSend(queue: IQueue, grantee: IGrantable): Grant {
  return grantOnQueue(queue, grantee, ["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"]);
}
