import { Annotations, Duration } from "aws-cdk-lib";
import { EventSourceMapping, type Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { LeftOut } from "./bundle.ts";
import { BUNDLED_FUNCTION_PROPS, BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import {
  checkProps,
  duration,
  flag,
  given,
  ownEnvironment,
  type PropCheck,
  refusedProp,
  text,
  wholeNumber,
} from "./check-props.ts";
import { grantOnQueue } from "./grant-on-queue.ts";
import type { Journal } from "./journal.ts";
import type { Recovery } from "./recovery.ts";

/** A queue that a Consumer reads: a ReliableQueue, or one that you have already, with its settings said by hand. */
export interface SourceQueue {
  readonly queue: IQueue;
  readonly visibilityTimeout: Duration;
  readonly maxReceiveCount: number;
  /** Needed for `failFast` only. */
  readonly deadLetterQueue?: IQueue;
}

/** What a Consumer is made of; every limit is Lambda's own (its guide, "Using Lambda with Amazon SQS"). */
export interface ConsumerProps extends BundledFunctionProps {
  readonly queue: SourceQueue;
  /** Where keys are claimed, and failed attempts written down. */
  readonly journal: Journal;
  /** How long one batch may take. @default a sixth of the queue's visibility timeout, at least 1 second, at most 15 minutes */
  readonly timeout?: Duration;
  /** The most messages of one invocation: 10, or 10,000 with a batching window on a standard queue. @default 10 */
  readonly batchSize?: number;
  /** How long Lambda gathers messages for a batch, at most 5 minutes; not on FIFO. @default 0 seconds: what is there, at once */
  readonly maxBatchingWindow?: Duration;
  /** The most invocations at once for this queue, 2 to 1000; Lambda stops receiving there, so none is throttled by it. @default no limit */
  readonly maximumConcurrency?: number;
  /** Whether the function's consumer has `failFast: true`: it then may send to the dead-letter queue. @default false */
  readonly failFast?: boolean;
  /** Needed where the function's consumer has `onPoison: "hold-group"`: the Recovery of its queue, in whose failure store messages are set aside. @default no group is held */
  readonly quarantine?: Recovery;
  /** As the function's consumer has it; for `"transactional"` it may also write claims in transactions. What its writes touch elsewhere you allow. @default "any" */
  readonly effect?: "any" | "transactional";
}

const PROPS: Readonly<Record<keyof ConsumerProps, PropCheck>> = {
  ...BUNDLED_FUNCTION_PROPS,
  queue: given("a ReliableQueue, or an object with `queue`, `visibilityTimeout` and `maxReceiveCount`"),
  journal: given("a Journal"),
  batchSize: wholeNumber(1, 10_000),
  maxBatchingWindow: duration(Duration.seconds(0), Duration.minutes(5)),
  maximumConcurrency: wholeNumber(2, 1000),
  failFast: flag,
  quarantine: (value) => (value === undefined ? undefined : given("the Recovery of its queue")(value)),
  effect: text(/^(any|transactional)$/, '"any" or "transactional"'),
  environment: ownEnvironment,
};

/** How many times the function's timeout a visibility timeout should be (Lambda's guide): room for throttled deliveries of one batch. */
const TIMEOUTS_IN_VISIBILITY = 6;

/** The fewest receives that leave some for the handler where throttles burn them (Lambda's guide). */
const LEAST_RECEIVES_UNDER_THROTTLING = 5;

/**
 * A function that processes a queue: batches with partial responses, the reason of each failed attempt in the journal, and no
 * permission beyond receiving, deleting and hiding this queue's messages, claiming and writing in the journal, logging, and,
 * with `largeBodies`, reading those.
 * @throws ReliqError `construct-prop` that names the prop, its value and what it takes.
 */
export class Consumer extends Construct {
  readonly function: LambdaFunction;
  readonly eventSource: EventSourceMapping;
  /** The queue that it reads. */
  readonly source: SourceQueue;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    this.source = props.queue;
    refuseFilters(this, props);
    checkProps(this, props, PROPS);
    const { queue, journal, batchSize, maxBatchingWindow, maximumConcurrency, failFast, quarantine, effect, ...rest } =
      props;
    refuseLargeBatch(this, batchSize, maxBatchingWindow);
    if (queue.queue.fifo) refuseOnFifo(this, batchSize, maxBatchingWindow);
    else if (quarantine)
      throw refusedProp(this, "quarantine", quarantine.node.path, "only a FIFO queue has groups to hold");
    const timeout = props.timeout ?? sixthOf(queue.visibilityTimeout);
    checkVisibility(this, queue.visibilityTimeout, timeout);
    warnOfThrottling(this, props);
    const deadLetterQueue = failFast ? needDeadLetterQueue(this, queue) : undefined;
    const environment = {
      ...props.environment,
      RELIQ_JOURNAL_TABLE: journal.table.tableName,
      RELIQ_QUEUE_URL: queue.queue.queueUrl,
      RELIQ_MAX_RECEIVE_COUNT: String(queue.maxReceiveCount),
      ...(quarantine && { RELIQ_QUARANTINE_TABLE: quarantine.table.tableName }),
      ...(deadLetterQueue && { RELIQ_DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl }),
    };
    const without: LeftOut[] = ["RELIQ_WORKER"];
    if (!queue.queue.fifo) without.push("RELIQ_FIFO");
    if (!failFast) without.push("RELIQ_FAIL_FAST");
    if (effect !== "transactional") without.push("RELIQ_TRANSACTIONAL_EFFECT");
    if (!quarantine) without.push("RELIQ_QUARANTINE");
    const bundled = new BundledFunction(this, "Handler", { ...rest, timeout, environment }, without);
    this.function = bundled.function;
    grantOnQueue(queue.queue, this.function, CONSUMING, ["kms:Decrypt"]);
    journal.grantConsume(this.function, effect);
    quarantine?.grantQuarantine(this.function);
    props.largeBodies?.grantRead(this.function);
    if (deadLetterQueue) {
      grantOnQueue(deadLetterQueue, this.function, ["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"]);
    }
    this.eventSource = new EventSourceMapping(this, "EventSource", {
      target: this.function,
      eventSourceArn: queue.queue.queueArn,
      batchSize: batchSize ?? 10,
      reportBatchItemFailures: true,
      ...(maxBatchingWindow && { maxBatchingWindow }),
      ...(maximumConcurrency !== undefined && { maxConcurrency: maximumConcurrency }),
    });
  }
}

/** What Lambda's poller does with the function's role (Lambda's guide), and ChangeMessageVisibility for backoff. */
const CONSUMING = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"];

function refuseFilters(construct: Construct, props: object): void {
  if (!("filters" in props)) return;
  const why =
    "an event filter deletes every message that it rejects, without a trace. Decide in the handler: return for what is not yours";
  throw refusedProp(construct, "filters", props.filters, why);
}

function refuseLargeBatch(construct: Construct, batchSize: number | undefined, window: Duration | undefined): void {
  if (batchSize === undefined || batchSize <= 10) return;
  if (window && (window.isUnresolved() || window.toSeconds() >= 1)) return;
  const why = "over 10 it takes a `maxBatchingWindow` of at least 1 second";
  throw refusedProp(construct, "batchSize", batchSize, why);
}

function refuseOnFifo(construct: Construct, batchSize: number | undefined, window: Duration | undefined): void {
  if (batchSize !== undefined && batchSize > 10) {
    throw refusedProp(construct, "batchSize", batchSize, "on a FIFO queue it takes 10 at most");
  }
  if (window && !window.isUnresolved() && window.toSeconds() > 0) {
    throw refusedProp(construct, "maxBatchingWindow", window, "Lambda has none for FIFO queues; leave it out");
  }
}

function sixthOf(visibilityTimeout: Duration): Duration {
  if (visibilityTimeout.isUnresolved()) return Duration.seconds(5);
  const seconds = Math.floor(visibilityTimeout.toSeconds() / TIMEOUTS_IN_VISIBILITY);
  return Duration.seconds(Math.min(Math.max(seconds, 1), Duration.minutes(15).toSeconds()));
}

function checkVisibility(construct: Construct, visibility: Duration, timeout: Duration): void {
  if (visibility.isUnresolved() || timeout.isUnresolved()) return;
  const wanted = timeout.toSeconds() * TIMEOUTS_IN_VISIBILITY;
  const shown = `the queue's visibility timeout is ${visibility.toHumanString()}`;
  if (visibility.toSeconds() < timeout.toSeconds()) {
    const why = `${shown}: messages would be received again while they are being processed. Lower \`timeout\`, or raise the queue's \`visibilityTimeout\` to ${wanted} seconds`;
    throw refusedProp(construct, "timeout", timeout, why);
  }
  if (visibility.toSeconds() < wanted) {
    Annotations.of(construct).addWarningV2(
      "@reliq/cdk:visibility-below-six-timeouts",
      `\`timeout\` is ${timeout.toHumanString()} and ${shown}: below six times that, a batch whose first deliveries are throttled can be received again while it is processed. Lower \`timeout\`, or raise the queue's \`visibilityTimeout\` to ${wanted} seconds.`,
    );
  }
}

function warnOfThrottling(construct: Construct, props: ConsumerProps): void {
  const { reservedConcurrency, maximumConcurrency = Number.POSITIVE_INFINITY } = props;
  const { maxReceiveCount } = props.queue;
  if (reservedConcurrency === undefined || maximumConcurrency <= reservedConcurrency) return;
  if (maxReceiveCount >= LEAST_RECEIVES_UNDER_THROTTLING) return;
  Annotations.of(construct).addWarningV2(
    "@reliq/cdk:throttles-burn-receives",
    `\`reservedConcurrency\` is ${reservedConcurrency} and the queue's \`maxReceiveCount\` ${maxReceiveCount}: a throttled invocation burns a receive, so a message can die without its handler ever having run. Set \`maximumConcurrency\` to at most ${reservedConcurrency}, or \`maxReceiveCount\` to at least ${LEAST_RECEIVES_UNDER_THROTTLING}.`,
  );
}

function needDeadLetterQueue(construct: Construct, { deadLetterQueue }: SourceQueue): IQueue {
  if (deadLetterQueue) return deadLetterQueue;
  const why = "it takes a queue with a `deadLetterQueue`; add that to `queue`";
  throw refusedProp(construct, "failFast", true, why);
}
