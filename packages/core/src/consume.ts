import type { Consumer } from "./consumer.ts";
import { ReliqError } from "./errors.ts";
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
  /** Aborted when the time for handling is over; what is left of the time is for the journal. */
  readonly signal: AbortSignal;
  /** Aborted when the batch's answer is due: no port is waited for any longer. */
  readonly deadline: AbortSignal;
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
 * @throws ReliqError `order-not-kept` for a FIFO queue, `dead-letters-missing` where the consumer fails fast and has no way
 * to a dead-letter queue; no handler has run then.
 */
export async function consume<T>(
  consumer: Consumer<T>,
  delivery: Delivery,
  ports: ConsumePorts,
): Promise<readonly Attempted[]> {
  checkPath(consumer, delivery, ports);
  const attempted = await Promise.all(
    delivery.messages.map(async (message) => ({
      message,
      outcome: await attempt(consumer, message, delivery.signal),
    })),
  );
  await journalFailures(consumer, delivery, attempted, ports);
  if (!consumer.failFast || !ports.deadLetters) return attempted;
  return failFast(delivery, attempted, ports.deadLetters, ports.log);
}

/** Refuses what would end in a wrong place before any message is touched. */
function checkPath<T>(consumer: Consumer<T>, { messages }: Delivery, { deadLetters }: ConsumePorts): void {
  const fifo = messages.find(({ queue }) => queue.endsWith(".fifo"))?.queue;
  if (fifo !== undefined) {
    throw new ReliqError(
      "order-not-kept",
      `The consumer ${consumer.name} cannot keep the order of the FIFO queue ${fifo}: give it a standard queue.`,
    );
  }
  if (consumer.failFast && !deadLetters) {
    throw new ReliqError(
      "dead-letters-missing",
      `The consumer ${consumer.name} has \`failFast: true\`, but no dead-letter queue is configured: set \`failFast: true\` on its Consumer construct too.`,
    );
  }
}
