/** What is deployed, as far as it has to do with queues. */
export interface DeployedParts {
  readonly queues: readonly DeployedQueue[];
  readonly functions: readonly DeployedFunction[];
  readonly mappings: readonly DeployedMapping[];
  readonly alarms: readonly DeployedAlarm[];
  readonly senders: readonly QueueSender[];
}

/** A queue with its settings. */
export interface DeployedQueue {
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly visibilitySeconds: number;
  readonly retentionSeconds: number;
  /** How long a receive waits for a message, where it does not say so itself. */
  readonly waitSeconds: number;
  readonly deadLetterArn?: string;
  readonly maxReceiveCount?: number;
  /** The key of KMS that encrypts it; none where SQS's own does, or nothing. */
  readonly kmsKey?: string;
  readonly policy?: QueuePolicy;
}

/** A queue's policy, as it is written. */
interface QueuePolicy {
  readonly Statement?: PolicyStatement | readonly PolicyStatement[];
}

/** One statement of a policy. */
export interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A function with what matters to its queues. */
export interface DeployedFunction {
  readonly name: string;
  readonly arn: string;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency?: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** An event source mapping of a queue. */
export interface DeployedMapping {
  readonly id: string;
  readonly functionArn: string;
  readonly queueArn: string;
  readonly state: string;
  /** What the poller says of its last work. */
  readonly lastResult: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly reportsFailures: boolean;
  readonly maximumConcurrency?: number;
  readonly filters: readonly string[];
}

/** A metric alarm; each metric that it looks at. */
export interface DeployedAlarm {
  readonly name: string;
  readonly metrics: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
  }[];
}

/** A subscription of a topic, or a target of a rule, that sends to a queue. */
export interface QueueSender {
  readonly kind: "rule" | "topic";
  readonly arn: string;
  readonly queueArn: string;
}

/** A subscription of a topic, with its filter. */
export interface DeployedSubscription {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
  /** Whether what cannot be delivered goes to a queue. */
  readonly deadLetters: boolean;
}

/** The queue that a mapping receives from, where it is one of these. */
export function queueOf({ queues }: DeployedParts, arn: string | undefined): DeployedQueue | undefined {
  return queues.find((queue) => queue.arn === arn);
}

/** The function that a mapping invokes: a version or an alias of it, too. */
export function functionOf(
  { functions }: DeployedParts,
  { functionArn }: DeployedMapping,
): DeployedFunction | undefined {
  return functions.find(({ arn }) => functionArn === arn || functionArn.startsWith(`${arn}:`));
}

/** The queues that are another queue's dead-letter queue. */
export function deadLetterQueues(parts: DeployedParts): readonly DeployedQueue[] {
  const arns = new Set(parts.queues.flatMap(({ deadLetterArn }) => deadLetterArn ?? []));
  return parts.queues.filter(({ arn }) => arns.has(arn));
}

/** Whether a function is Reliq's recovery: what it takes twice changes nothing, so what is asked of consumers is not asked of it. */
export function isRecovery({ variables }: DeployedFunction): boolean {
  return variables["RELIQ_RECOVERED_QUEUES"] !== undefined;
}
