import type { World } from "../../kernel/service.ts";
import type { MetricCounter, ServiceMetric } from "../../kernel/service-metrics.ts";
import type { Store } from "../../kernel/store.ts";
import { allQueues, liveMessages, numberAttribute, type Queue } from "./queue.ts";

/** Counts what CloudWatch shows of queues (SQS developer guide, "Available CloudWatch metrics for Amazon SQS"). */
export interface QueueMetrics {
  /** One message that a producer sent; moves to dead-letter queues and back are no sends. */
  sent(queue: Queue, bodyBytes: number): void;
  /** One receive that gave so many messages, or none. */
  received(queue: Queue, messages: number): void;
  deleted(queue: Queue, messages: number): void;
}

/** How long a queue has metrics after it was last used while it is empty, milliseconds (the same page: "active for up to six hours"). */
const ACTIVE_MS = 6 * 3_600_000;

interface Counters {
  readonly sent: MetricCounter;
  readonly sentBytes: MetricCounter;
  readonly received: MetricCounter;
  readonly emptyReceives: MetricCounter;
  readonly deleted: MetricCounter;
  usedAtMs: number;
}

export function createQueueMetrics({ metrics, clock, store }: World): QueueMetrics {
  const known = new Map<string, Counters>();
  const countersOf = ({ name }: Queue): Counters => {
    let counters = known.get(name);
    if (!counters) {
      const counter = (metric: string, unit: "Bytes" | "Count" = "Count") =>
        metrics.counter(metricOf(name, metric, unit));
      counters = {
        sent: counter("NumberOfMessagesSent"),
        sentBytes: counter("SentMessageSize", "Bytes"),
        received: counter("NumberOfMessagesReceived"),
        emptyReceives: counter("NumberOfEmptyReceives"),
        deleted: counter("NumberOfMessagesDeleted"),
        usedAtMs: 0,
      };
      known.set(name, counters);
    }
    counters.usedAtMs = clock.now();
    return counters;
  };
  metrics.sample(function* (atMs) {
    for (const queue of allQueues(store)) {
      const usedAtMs = Math.max(queue.modifiedAt, known.get(queue.name)?.usedAtMs ?? 0);
      if (liveMessages(queue) > 0 || usedAtMs > atMs - ACTIVE_MS) yield* levelsOf(store, queue, atMs);
    }
  });
  return {
    sent: (queue, bodyBytes) => {
      const { sent, sentBytes } = countersOf(queue);
      sent.add(1);
      sentBytes.add(bodyBytes);
    },
    received: (queue, messages) => {
      const { received, emptyReceives } = countersOf(queue);
      if (messages === 0) emptyReceives.add(1);
      else received.add(messages);
    },
    deleted: (queue, messages) => {
      if (messages > 0) countersOf(queue).deleted.add(messages);
    },
  };
}

function metricOf(QueueName: string, name: string, unit: ServiceMetric["unit"]): ServiceMetric {
  return { namespace: "AWS/SQS", name, unit, dimensions: { QueueName } };
}

/** What a queue held at a moment, of the messages that are still there. */
function levelsOf(store: Store, queue: Queue, atMs: number): readonly (readonly [ServiceMetric, number])[] {
  const level = (name: string, value: number, unit: ServiceMetric["unit"] = "Count") =>
    [metricOf(queue.name, name, unit), value] as const;
  const aliveSinceMs = atMs - numberAttribute(queue, "MessageRetentionPeriod") * 1_000;
  const hidden = countBeyond(store, queue, aliveSinceMs, atMs, "count(*)");
  const inFlight = countBeyond(store, queue, aliveSinceMs, atMs, "count(receivedAt)");
  return [
    level("ApproximateNumberOfMessagesVisible", countBeyond(store, queue, aliveSinceMs, -1, "count(*)") - hidden),
    level("ApproximateNumberOfMessagesNotVisible", inFlight),
    level("ApproximateNumberOfMessagesDelayed", hidden - inFlight),
    level("ApproximateAgeOfOldestMessage", oldestAgeSeconds(store, queue, atMs), "Seconds"),
  ];
}

/** How long the oldest message has been in a queue, seconds; 0 where it is empty. */
export function oldestAgeSeconds(store: Store, queue: Queue, atMs: number): number {
  const aliveSinceMs = atMs - numberAttribute(queue, "MessageRetentionPeriod") * 1_000;
  const oldestMs = oldestAt(store, queue, aliveSinceMs);
  return Math.max(0, Math.floor((atMs - (oldestMs ?? atMs)) / 1_000));
}

/** Counts the messages that become visible after a moment; the index alone can where nothing has expired. */
function countBeyond(
  store: Store,
  queue: Queue,
  aliveSinceMs: number,
  visibleAfterMs: number,
  what: "count(*)" | "count(receivedAt)",
): number {
  const select = `SELECT ${what} AS n FROM sqs_message WHERE queueId = ? AND visibleAt > ?`;
  const expired = store
    .statement("SELECT 1 FROM sqs_message WHERE queueId = ? AND enqueuedAt <= ? LIMIT 1")
    .get(queue.id, aliveSinceMs);
  const found = expired
    ? store.statement(`${select} AND enqueuedAt > ?`).get(queue.id, visibleAfterMs, aliveSinceMs)
    : store.statement(select).get(queue.id, visibleAfterMs);
  return Number(found?.["n"]);
}

/** When the oldest message came; in a dead-letter queue that is when it was moved there, about: before anyone receives it (the same page). */
function oldestAt(store: Store, queue: Queue, aliveSinceMs: number): number | null {
  const oldest = store
    .statement(
      "SELECT enqueuedAt, deadLetterSource FROM sqs_message WHERE queueId = ? AND enqueuedAt > ? ORDER BY enqueuedAt LIMIT 1",
    )
    .get(queue.id, aliveSinceMs);
  if (!oldest) return null;
  if (oldest["deadLetterSource"] === null) return Number(oldest["enqueuedAt"]);
  const moved = store.statement("SELECT min(visibleAt) AS atMs FROM sqs_message WHERE queueId = ?").get(queue.id);
  return Number(moved?.["atMs"]);
}
