import type { Attempted } from "../consume.ts";
import { ReliqError } from "../errors.ts";
import type { Outcome } from "../message/attempt.ts";
import type { ReceivedMessage } from "../message/received-message.ts";
import type { ConsumePorts } from "../ports.ts";

/**
 * Sends what can never succeed to the dead-letter queue at once. A message whose copy could not be sent stays failed, and
 * dies by its receive count. Killed between the copy and the delete, the message is attempted again: the dead-letter queue can then hold two copies.
 * @throws ReliqError `dead-letters-missing` where no way to the dead-letter queue is configured.
 */
export async function failFast(attempted: readonly Attempted[], ports: ConsumePorts): Promise<readonly Attempted[]> {
  return Promise.all(
    attempted.map(async ({ message, outcome }) => ({ message, outcome: await deadLetter(message, outcome, ports) })),
  );
}

async function deadLetter(message: ReceivedMessage, outcome: Outcome, ports: ConsumePorts): Promise<Outcome> {
  if (outcome.kind !== "failed" || outcome.reason.retryable) return outcome;
  if (!ports.deadLetters) {
    throw new ReliqError(
      "dead-letters-missing",
      "The consumer has `failFast: true`, but no dead-letter queue is configured: set `failFast: true` on its Consumer construct too.",
    );
  }
  try {
    await ports.deadLetters.send(message, outcome.reason);
    return { kind: "dead-lettered", reason: outcome.reason };
  } catch (error) {
    ports.log({ level: "error", event: "fail-fast-unavailable", messageId: message.messageId, error: String(error) });
    return outcome;
  }
}
