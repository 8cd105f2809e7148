import { describeError } from "../classify/thrown.ts";
import type { Attempted, Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";
import type { JournalEntry } from "./journal-entry.ts";

/**
 * Writes down why each failed attempt failed. A journal that cannot be reached, or does not answer in time, changes no
 * outcome: the message has failed and stays on its queue, and the whole reason goes to the log.
 */
export async function journalFailures<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  attempted: readonly Attempted[],
  ports: ConsumePorts,
): Promise<void> {
  const entries = attempted.flatMap((each) => journalEntry(consumer, delivery, each, ports.now()));
  if (entries.length === 0) return;
  for (const { queue, messageId, receiveCount, reason, final } of entries) {
    const { category, errorName, message, fingerprint } = reason;
    const fields = { consumer: consumer.name, queue, messageId, receiveCount, final };
    ports.log({ level: "error", event: "attempt-failed", ...fields, category, errorName, message, fingerprint });
  }
  try {
    await inTime("The journal", () => ports.journal.record(entries), delivery.deadline);
  } catch (thrown) {
    const error = describeError(thrown);
    for (const entry of entries) ports.log({ level: "error", event: "journal-unavailable", error, entry });
  }
}

function journalEntry<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  { message, outcome }: Attempted,
  failedAtMs: number,
): JournalEntry[] {
  if (outcome.kind === "processed") return [];
  const { queue, messageId, receiveCount, sentAtMs } = message;
  const never = consumer.failFast && !outcome.reason.retryable;
  return [
    {
      queue,
      messageId,
      receiveCount,
      consumer: consumer.name,
      sentAtMs,
      failedAtMs,
      reason: outcome.reason,
      final: never || (delivery.maxReceiveCount !== undefined && receiveCount >= delivery.maxReceiveCount),
      ...(delivery.requestId !== undefined && { requestId: delivery.requestId }),
    },
  ];
}
