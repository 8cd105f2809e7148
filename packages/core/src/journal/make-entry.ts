import { CATEGORY_TRAITS, type FailureCategory } from "../classify/category.ts";
import type { FailureReason } from "../classify/failure-reason.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { aboutAttempt } from "../log/about-message.ts";
import type { DeferralCause, Outcome } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { ConsumePorts } from "../ports.ts";
import { failsForGood, isLastReceive } from "../retry/fails-for-good.ts";
import type { JournalEntry } from "./journal-entry.ts";

/**
 * What is written down of an outcome: a failure with its reason, and a deferral only where it says how the message died or can
 * die, at its last receive or because its visibility had expired; undefined for all else.
 */
export function makeEntry<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  message: ReceivedMessage,
  outcome: Outcome,
  failedAtMs: number,
): JournalEntry | undefined {
  switch (outcome.kind) {
    case "failed": {
      const final = failsForGood(consumer, delivery, { message, outcome });
      return entry(consumer, delivery, message, outcome.reason, failedAtMs, final);
    }
    case "deferred": {
      const lastReceive = isLastReceive(delivery, { message });
      return lastReceive || outcome.cause === "claim-lost"
        ? {
            ...entry(consumer, delivery, message, reasonOf(outcome), failedAtMs, lastReceive),
            deferral: outcome.cause,
          }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** What it would be if it were a failure: all of them can succeed later. `readEntry` finds the words. */
function reasonOf({ cause, behind, why }: Extract<Outcome, { kind: "deferred" }>): FailureReason {
  const category = categoryOf(cause);
  return { category, errorName: "Deferral", message: behind ?? why ?? "", stack: "", ...CATEGORY_TRAITS[category] };
}

function categoryOf(cause: DeferralCause): FailureCategory {
  switch (cause) {
    case "claim-lost":
    case "out-of-time":
      return "timeout";
    case "handler":
      return "throttled";
    default:
      return "dependency";
  }
}

function entry<T>(
  { name, version }: Consumer<T>,
  { requestId, logGroup, logStream }: Delivery,
  { queue, messageId, receiveCount, sentAtMs, sequenceNumber }: ReceivedMessage,
  reason: FailureReason,
  failedAtMs: number,
  final: boolean,
): JournalEntry {
  return {
    queue,
    messageId,
    receiveCount,
    consumer: name,
    sentAtMs,
    failedAtMs,
    reason,
    final,
    sequenceNumber,
    requestId,
    logGroup,
    logStream,
    consumerVersion: version,
  };
}

/** One line of the log for a failed attempt. */
export function logFailure<T>(
  consumer: Consumer<T>,
  failed: ReceivedMessage,
  { receiveCount, final, reason }: JournalEntry,
  ports: ConsumePorts,
): void {
  const { category, errorName, message } = reason;
  const fields = { receiveCount, final, category, errorName, message };
  ports.log({ level: "error", event: "attempt-failed", ...aboutAttempt(consumer, failed), ...fields });
}
