import type { FailureReason } from "../classify/failure-reason.ts";
import { describeError } from "../classify/thrown.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import { aboutAttempt } from "../log/about-message.ts";
import type { Outcome } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { Attempted } from "../message/work.ts";
import type { ConsumePorts } from "../ports.ts";
import { inTime } from "../until-aborted.ts";

/** A way straight to the dead-letter queue, for messages that can never succeed. A port, so that the bundle of a consumer which does not fail fast has nothing of it. */
export interface DeadLetters {
  /** Sends a copy of a message, body and attributes as they came, to its queue's dead-letter queue; resolves when it is durable there. */
  readonly send: SendDeadLetter;
  /**
   * Sends what can never succeed to the dead-letter queue at once, where the consumer asks for it. A message whose copy could
   * not be sent stays failed, and dies by its receive count. Killed between the copy and the delete, or where the answer to the
   * copy was lost, the message is attempted again: the dead-letter queue can then hold two copies.
   */
  failFast<T>(
    consumer: Consumer<T>,
    delivery: Delivery,
    settled: readonly Attempted[],
    ports: ConsumePorts,
  ): Promise<readonly Attempted[]>;
}

/** How a copy of a message gets to the dead-letter queue. */
export type SendDeadLetter = (message: ReceivedMessage, reason: FailureReason) => Promise<void>;

/** Makes the consumer's port `deadLetters` of what sends a message there. */
export function deadLetters(send: SendDeadLetter): DeadLetters {
  return {
    send,
    failFast: async (consumer, delivery, settled, { log }) => {
      if (!consumer.failFast) return settled;
      return Promise.all(
        settled.map(async ({ message, outcome }) => ({
          message,
          outcome: await deadLetter(consumer, delivery, message, outcome, { send, log }),
        })),
      );
    },
  };
}

async function deadLetter<T>(
  consumer: Consumer<T>,
  { deadline }: Delivery,
  message: ReceivedMessage,
  outcome: Outcome,
  { send, log }: { readonly send: SendDeadLetter; readonly log: ConsumePorts["log"] },
): Promise<Outcome> {
  if (outcome.kind !== "failed" || outcome.reason.retryable) return outcome;
  try {
    await inTime("The dead-letter queue", () => send(message, outcome.reason), deadline);
    return { kind: "dead-lettered", reason: outcome.reason };
  } catch (error) {
    const about = aboutAttempt(consumer, message);
    log({ level: "error", event: "fail-fast-unavailable", ...about, error: describeError(error) });
    return outcome;
  }
}
