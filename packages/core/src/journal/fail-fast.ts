import { describeError } from "../classify/thrown.ts";
import type { Delivery } from "../consume.ts";
import type { Consumer } from "../consumer.ts";
import type { Outcome } from "../message/outcome.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { Attempted } from "../message/work.ts";
import type { ConsumePorts, DeadLetters } from "../ports.ts";
import { inTime } from "../until-aborted.ts";

/**
 * Sends what can never succeed to the dead-letter queue at once, where the consumer asks for it. A message whose copy could
 * not be sent stays failed, and dies by its receive count. Killed between the copy and the delete, or where the answer to the
 * copy was lost, the message is attempted again: the dead-letter queue can then hold two copies.
 */
export async function failFast<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  settled: readonly Attempted[],
  { deadLetters, log }: ConsumePorts,
): Promise<readonly Attempted[]> {
  if (!consumer.failFast || !deadLetters) return settled;
  return Promise.all(
    settled.map(async ({ message, outcome }) => ({
      message,
      outcome: await deadLetter(delivery, message, outcome, deadLetters, log),
    })),
  );
}

async function deadLetter(
  { deadline }: Delivery,
  message: ReceivedMessage,
  outcome: Outcome,
  deadLetters: DeadLetters,
  log: ConsumePorts["log"],
): Promise<Outcome> {
  if (outcome.kind !== "failed" || outcome.reason.retryable) return outcome;
  try {
    await inTime("The dead-letter queue", () => deadLetters.send(message, outcome.reason), deadline);
    return { kind: "dead-lettered", reason: outcome.reason };
  } catch (error) {
    const { queue, messageId } = message;
    log({ level: "error", event: "fail-fast-unavailable", queue, messageId, error: describeError(error) });
    return outcome;
  }
}
