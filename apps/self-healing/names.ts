/** The names that the definition gives, and that the programs and the dashboard know things by. */
export const NAMES = {
  stack: "self-healing",
  queue: "self-healing-orders",
  deadLetterQueue: "self-healing-orders-dlq",
  failedTable: "self-healing-failures",
  producer: "self-healing-producer",
  consumer: "self-healing-consumer",
  healer: "self-healing-healer",
  recoveryApi: "self-healing-recovery",
  /** The namespace of all metrics. */
  metrics: "SelfHealing",
  region: "us-east-1",
} as const;
