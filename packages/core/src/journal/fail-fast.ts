import { describeError } from "../classify/thrown.ts";
import type { Attempted, Delivery } from "../consume.ts";
import type { Outcome } from "../message/attempt.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { ConsumePorts, DeadLetters } from "../ports.ts";
import { inTime } from "../until-aborted.ts";

/**
 * Sends what can never succeed to the dead-letter queue at once. A message whose copy could not be sent stays failed, and
 * dies by its receive count. Killed between the copy and the delete, or where the answer to the copy was lost, the message
 * is attempted again: the dead-letter queue can then hold two copies.
 */
export async function failFast(
  delivery: Delivery,
  attempted: readonly Attempted[],
  deadLetters: DeadLetters,
  log: ConsumePorts["log"],
): Promise<readonly Attempted[]> {
  const deadLetter = async (message: ReceivedMessage, outcome: Outcome): Promise<Outcome> => {
    if (outcome.kind !== "failed" || outcome.reason.retryable) return outcome;
    try {
      await inTime("The dead-letter queue", () => deadLetters.send(message, outcome.reason), delivery.deadline);
      return { kind: "dead-lettered", reason: outcome.reason };
    } catch (error) {
      const { queue, messageId } = message;
      log({ level: "error", event: "fail-fast-unavailable", queue, messageId, error: describeError(error) });
      return outcome;
    }
  };
  return Promise.all(
    attempted.map(async ({ message, outcome }) => ({ message, outcome: await deadLetter(message, outcome) })),
  );
}
