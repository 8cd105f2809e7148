/** Names a queue. */
export type QueueKey =
  | "inventory"
  | "large_orders"
  | "notifications"
  | "orders"
  | "payments"
  | "priority_orders"
  | "shipping";

/** How a queue is set; every limit is in seconds, but the retention. */
export interface QueueDescription {
  readonly fifo: boolean;
  readonly visibilitySeconds: number;
  readonly maxReceiveCount: number;
  readonly retentionDays: number;
  /** What its consumer takes at once. */
  readonly batchSize: number;
  /** The most batches at once; a remedy may go beyond. @default Lambda's own limit */
  readonly maximumConcurrency?: number;
  readonly contentBasedDeduplication?: true;
  readonly throughputPerGroup?: true;
}

const STANDARD = { fifo: false, retentionDays: 4, batchSize: 10 } as const;

/** The queues of the system, each with a dead-letter queue of its own that keeps messages for 14 days. */
export const QUEUES: Readonly<Record<QueueKey, QueueDescription>> = {
  orders: { ...STANDARD, visibilitySeconds: 300, maxReceiveCount: 3, retentionDays: 14 },
  priority_orders: {
    fifo: true,
    visibilitySeconds: 120,
    maxReceiveCount: 3,
    retentionDays: 4,
    batchSize: 10,
    contentBasedDeduplication: true,
    throughputPerGroup: true,
  },
  large_orders: { ...STANDARD, visibilitySeconds: 300, maxReceiveCount: 3 },
  payments: { ...STANDARD, visibilitySeconds: 600, maxReceiveCount: 5, maximumConcurrency: 10 },
  inventory: { fifo: true, visibilitySeconds: 180, maxReceiveCount: 3, retentionDays: 4, batchSize: 10 },
  shipping: { ...STANDARD, visibilitySeconds: 180, maxReceiveCount: 3 },
  notifications: { ...STANDARD, visibilitySeconds: 60, maxReceiveCount: 2, maximumConcurrency: 10 },
};

/** The queues that services tell each other by, each with an outbox. */
export const TOLD = ["orders", "priority_orders", "payments", "inventory", "shipping"] as const;

/** Names a queue that services tell each other by. */
export type ToldQueue = (typeof TOLD)[number];

/** What the payment gateway is called where breakers are told of. */
export const GATEWAY = "payment-gateway";

/** All of them, as they are described. */
export const QUEUE_KEYS: readonly QueueKey[] = Object.keys(QUEUES) as QueueKey[];

/** What a queue is called, and its dead-letter queue. */
export function queueNames(key: QueueKey): { readonly queue: string; readonly deadLetterQueue: string } {
  const end = QUEUES[key].fifo ? ".fifo" : "";
  const name = `order-processing-${key.replaceAll("_", "-")}`;
  return { queue: `${name}${end}`, deadLetterQueue: `${name}-dlq${end}` };
}
