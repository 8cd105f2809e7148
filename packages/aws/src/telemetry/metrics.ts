import type { Attempted } from "@reliq/core";
import { writeLine } from "../write-line.ts";

/** What is counted of a batch. */
export interface BatchSeen {
  readonly consumer: string;
  readonly attempted: readonly Attempted[];
  readonly durationMs: number;
  /** Milliseconds since the Unix epoch. */
  readonly endedAtMs: number;
}

/** Takes note of a batch; must not throw. */
export type Metrics = (batch: BatchSeen) => void;

/** Where metrics go. */
export interface EmfOptions {
  /** The namespace in CloudWatch. @default "Reliq" */
  readonly namespace?: string;
  /** Where the line goes. @default stdout, which Lambda ships to CloudWatch */
  readonly write?: (line: string) => void;
}

/** The most values that one EMF metric holds (CloudWatch user guide, "Embedded metric format specification"). */
const MOST_VALUES = 100;

const METRICS = [
  { Name: "Processed", Unit: "Count" },
  { Name: "Duplicate", Unit: "Count" },
  { Name: "Failed", Unit: "Count" },
  { Name: "DeadLettered", Unit: "Count" },
  { Name: "Deferred", Unit: "Count" },
  { Name: "SetAside", Unit: "Count" },
  { Name: "BatchDuration", Unit: "Milliseconds" },
  { Name: "MessageAge", Unit: "Milliseconds" },
] as const;

/** Metrics as one line a batch in CloudWatch's embedded metric format, by consumer and queue: no request, no waiting. */
export function emfMetrics({ namespace = "Reliq", write = writeLine }: EmfOptions = {}): Metrics {
  const definitions = JSON.stringify([{ Namespace: namespace, Dimensions: [["Consumer", "Queue"]], Metrics: METRICS }]);
  return ({ consumer, attempted, durationMs, endedAtMs }) => {
    const [first] = attempted;
    if (!first) return;
    const values = JSON.stringify({
      Consumer: consumer,
      Queue: first.message.queue,
      ...countOutcomes(attempted),
      BatchDuration: durationMs,
      MessageAge: attempted.slice(0, MOST_VALUES).map(({ message }) => Math.max(0, endedAtMs - message.sentAtMs)),
    });
    write(`{"_aws":{"Timestamp":${endedAtMs},"CloudWatchMetrics":${definitions}},${values.slice(1)}`);
  };
}

function countOutcomes(attempted: readonly Attempted[]): Record<string, number> {
  const counts = { processed: 0, duplicate: 0, failed: 0, "dead-lettered": 0, deferred: 0, "set-aside": 0 };
  for (const { outcome } of attempted) counts[outcome.kind]++;
  return {
    Processed: counts.processed,
    Duplicate: counts.duplicate,
    Failed: counts.failed,
    DeadLettered: counts["dead-lettered"],
    Deferred: counts.deferred,
    SetAside: counts["set-aside"],
  };
}
