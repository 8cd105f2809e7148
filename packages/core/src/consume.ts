import type { Consumer } from "./consumer.ts";
import { failFast } from "./journal/fail-fast.ts";
import { journalFailures } from "./journal/journal-failures.ts";
import { attempt, type Outcome } from "./message/attempt.ts";
import type { ReceivedMessage } from "./message/received-message.ts";
import type { ConsumePorts } from "./ports.ts";

/** A batch of messages as one invocation or one receive delivered it. */
export interface Delivery {
  readonly messages: readonly ReceivedMessage[];
  /** How many receives the queue allows before it dead-letters a message; undefined where it has no dead-letter queue. */
  readonly maxReceiveCount?: number;
  /** The invocation in whose log to look, where there is one. */
  readonly requestId?: string;
  /** Aborted when the time for this batch is over. */
  readonly signal: AbortSignal;
}

/** A message with how its attempt ended. */
export interface Attempted {
  readonly message: ReceivedMessage;
  readonly outcome: Outcome;
}

/**
 * The path of a batch through a consumer: each message is attempted, each failure journalled with its reason, and what can
 * never succeed is dead-lettered at once where the consumer asks for that. Returns one outcome a message, in the batch's order;
 * one message's failure never touches its batch mates.
 */
export async function consume<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  ports: ConsumePorts,
): Promise<readonly Attempted[]> {
  const attempted = await Promise.all(
    delivery.messages.map(async (message) => ({
      message,
      outcome: await attempt(consumer, message, delivery.signal),
    })),
  );
  await journalFailures(consumer, delivery, attempted, ports);
  return consumer.failFast ? failFast(attempted, ports) : attempted;
}
