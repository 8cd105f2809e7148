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
  payments: { ...STANDARD, visibilitySeconds: 600, maxReceiveCount: 5 },
  inventory: { fifo: true, visibilitySeconds: 180, maxReceiveCount: 3, retentionDays: 4, batchSize: 10 },
  shipping: { ...STANDARD, visibilitySeconds: 180, maxReceiveCount: 3 },
  notifications: { ...STANDARD, visibilitySeconds: 60, maxReceiveCount: 2 },
};

/** All of them, as they are described. */
export const QUEUE_KEYS: readonly QueueKey[] = Object.keys(QUEUES) as QueueKey[];

/** What a queue is called, and its dead-letter queue. */
export function queueNames(key: QueueKey): { readonly queue: string; readonly deadLetterQueue: string } {
  const end = QUEUES[key].fifo ? ".fifo" : "";
  const name = `order-processing-${key.replaceAll("_", "-")}`;
  return { queue: `${name}${end}`, deadLetterQueue: `${name}-dlq${end}` };
}
