import type { FailureReason } from "../classify/failure-reason.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { ConsumePorts } from "../ports.ts";
import type { JournalEntry } from "./journal-entry.ts";

/** What is written down of a failed attempt. */
export function makeEntry<T>(
  { name, failFast }: Consumer<T>,
  { maxReceiveCount, requestId }: Delivery,
  { queue, messageId, receiveCount, sentAtMs }: ReceivedMessage,
  reason: FailureReason,
  failedAtMs: number,
): JournalEntry {
  const lastReceive = maxReceiveCount !== undefined && receiveCount >= maxReceiveCount;
  return {
    queue,
    messageId,
    receiveCount,
    consumer: name,
    sentAtMs,
    failedAtMs,
    reason,
    final: lastReceive || (failFast && !reason.retryable),
    ...(requestId !== undefined && { requestId }),
  };
}

/** One line of the log for a failed attempt. */
export function logFailure(
  { consumer, queue, messageId, receiveCount, final, reason }: JournalEntry,
  ports: ConsumePorts,
): void {
  const { category, errorName, message, fingerprint } = reason;
  const fields = { consumer, queue, messageId, receiveCount, final, category, errorName, message, fingerprint };
  ports.log({ level: "error", event: "attempt-failed", ...fields });
}
