import type { BatchSeen, Metrics } from "@reliq/aws/telemetry";
import { isOver } from "@reliq/core";

/** The namespace of all metrics of the system. */
export const NAMESPACE = "FIFO/MessageProcessing";

/** List prices of us-east-1 in USD, on demand: an estimate that shows anomalies, and no bill. */
const PRICES = {
  fifoRequest: 0.5 / 1_000_000,
  invocation: 0.2 / 1_000_000,
  gigabyteSecond: 0.0000166667,
  /** A transactional write of 1 KB takes two units. */
  transactionalWrite: (2 * 0.625) / 1_000_000,
  consistentRead: 0.125 / 1_000_000,
};

/** An order costs its send, the read of its state, and three writes: its new state, its group's sequence, and its lineage. */
const PER_ORDER: number = PRICES.fifoRequest + PRICES.consistentRead + 3 * PRICES.transactionalWrite;

/** A batch costs its receive, its delete and its invocation. */
const PER_BATCH: number = 2 * PRICES.fifoRequest + PRICES.invocation;

const METRICS = [
  { Name: "ProcessedOrders", Unit: "Count" },
  { Name: "FailureRate", Unit: "Percent" },
  { Name: "ProcessingLatency", Unit: "Milliseconds" },
  { Name: "ProcessingEfficiency", Unit: "Percent" },
  { Name: "CostPerThousandOrders", Unit: "None" },
] as const;

/**
 * The numbers of a batch, in one line of CloudWatch's embedded metric format. FailureRate has 0 or 100 for each attempt, so its average is percent;
 * ProcessingLatency goes from the queue's acceptance to the end of the batch; ProcessingEfficiency is the share of received messages that this batch brought to their effect.
 */
export function batchMetrics(memoryMb: number, write: (line: string) => void = console.log): Metrics {
  return ({ attempted, durationMs, endedAtMs }: BatchSeen) => {
    const outcomes = attempted.map(({ outcome }) => outcome);
    const processed = outcomes.filter(({ kind }) => kind === "processed").length;
    const tried = outcomes.filter(({ kind }) => kind !== "deferred");
    const over = attempted.filter(({ outcome }) => isOver(outcome));
    const compute = (memoryMb / 1_024) * (durationMs / 1_000) * PRICES.gigabyteSecond;
    const cost = PER_BATCH + compute + attempted.length * PER_ORDER;
    const values = {
      ProcessedOrders: processed,
      FailureRate: tried.map(({ kind }) => (kind === "failed" || kind === "dead-lettered" ? 100 : 0)),
      ProcessingLatency: over.map(({ message }) => Math.max(0, endedAtMs - message.sentAtMs)),
      ProcessingEfficiency: (100 * processed) / Math.max(1, attempted.length),
      CostPerThousandOrders: (1_000 * cost) / Math.max(1, processed),
    };
    const Metrics = METRICS.filter(({ Name }) => !Array.isArray(values[Name]) || values[Name].length > 0);
    const directive = { Namespace: NAMESPACE, Dimensions: [[]], Metrics };
    write(JSON.stringify({ _aws: { Timestamp: endedAtMs, CloudWatchMetrics: [directive] }, ...values }));
  };
}
